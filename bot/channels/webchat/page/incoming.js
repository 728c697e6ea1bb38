// What the service says: first the talk so far, then whatever comes, by a stream or, where streams are held up on
// the way, by asking every few seconds.

import { Refused, SessionRenewed } from "./session.js";

const POLL_MS = 3000;
const POLLS_BEFORE_STREAM = 20;
const FIRST_BYTE_MS = 5000;
const SILENCE_MS = 45000;
const SHORTEST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 10000;

/** Streams do not get through here; asking may. */
class NoStream extends Error {}

/** Complete events at the head of `buffer`, and what is left. Comment lines are heartbeats and carry nothing. */
function takeEvents(buffer) {
  const blocks = buffer.split("\n\n");
  const rest = blocks.pop();
  const datas = blocks.map((block) =>
    block
      .split("\n")
      .filter((line) => line.startsWith("data:"))
      .map((line) => line.slice(5).trimStart())
      .join("\n"),
  );
  return [datas.filter(Boolean).map((data) => JSON.parse(data)), rest];
}

export class Incoming {
  /** `on` has: message(message), connected(), lost(), refused(sentence). */
  constructor(session, on) {
    this.session = session;
    this.on = on;
    this.last = 0;
    this.pollsLeft = typeof ReadableStream === "undefined" ? Infinity : 0;
    this.interrupt = () => {};
  }

  async listen() {
    for (let failures = 0; ; ) {
      try {
        await this.#catchUp();
        failures = 0;
        if (this.pollsLeft > 0) {
          this.pollsLeft--;
          await this.#pause(POLL_MS);
        } else {
          await this.#stream();
          await this.#pause(SHORTEST_PAUSE_MS);
        }
      } catch (error) {
        if (error instanceof NoStream) {
          this.pollsLeft = POLLS_BEFORE_STREAM;
          continue;
        }
        this.#tell(error);
        await this.#pause(Math.min(SHORTEST_PAUSE_MS * 2 ** failures++, LONGEST_PAUSE_MS));
      }
    }
  }

  /** Another session, another transcript. */
  startOver() {
    this.last = 0;
    this.interrupt();
  }

  #tell(error) {
    if (error instanceof SessionRenewed) return;
    if (error instanceof Refused && error.status < 500) this.on.refused(error.message);
    else this.on.lost();
  }

  /** The network has changed: whatever we wait for, wait no longer. */
  hurry() {
    this.interrupt();
  }

  #hear(message) {
    this.last = Math.max(this.last, message.id);
    this.on.message(message);
  }

  #pause(milliseconds) {
    return new Promise((resolve) => {
      this.interrupt = resolve;
      setTimeout(resolve, milliseconds);
    });
  }

  async #catchUp() {
    const abort = new AbortController();
    this.interrupt = () => abort.abort();
    const timer = setTimeout(this.interrupt, SILENCE_MS);
    try {
      const response = await this.session.fetch(`/chat/api/messages?after=${this.last}`, { signal: abort.signal });
      const { messages } = await response.json();
      messages.forEach((message) => this.#hear(message));
      this.on.connected();
    } finally {
      clearTimeout(timer);
    }
  }

  /** Reads until the stream ends or falls silent; a good stream sends a heartbeat well within SILENCE_MS. */
  async #stream() {
    const abort = new AbortController();
    this.interrupt = () => abort.abort();
    let heard = false;
    let timer = setTimeout(this.interrupt, FIRST_BYTE_MS);
    try {
      const response = await this.session.fetch(`/chat/api/stream?after=${this.last}`, { signal: abort.signal });
      const isStream = (response.headers.get("Content-Type") || "").startsWith("text/event-stream");
      if (!isStream || !response.body) throw new NoStream();
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      for (let rest = ""; ; ) {
        const { done, value } = await reader.read();
        if (done) break;
        heard = true;
        clearTimeout(timer);
        timer = setTimeout(this.interrupt, SILENCE_MS);
        let messages;
        [messages, rest] = takeEvents(rest + decoder.decode(value, { stream: true }));
        messages.forEach((message) => this.#hear(message));
      }
    } catch (error) {
      // A stream that had worked just broke: listen() catches up, and finds out whether the network is there.
      if (!heard) throw error instanceof SessionRenewed ? error : new NoStream();
    } finally {
      clearTimeout(timer);
      abort.abort();
    }
    if (!heard) throw new NoStream();
  }
}
