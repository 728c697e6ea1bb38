// What the person said and the service has not yet confirmed. Sent one by one, in order, each always under the id
// it was born with, so that sending again after a lost answer can never say it twice.

import { forget, keep, keysUnder, recall } from "./shelf.js";
import { Refused } from "./session.js";
import { forgetFile, keepFile, recallFile } from "./unsent_files.js";

const SHORTEST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 15000;
const TEXT_TIMEOUT_MS = 30000;
const FILE_TIMEOUT_MS = 180000;
const TRIES_WHILE_SERVICE_FAILS = 5;

function newId() {
  // Not crypto.randomUUID: it is missing on pages served without TLS.
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const worthRetrying = (error) => !(error instanceof Refused) || error.status >= 500 || [408, 429].includes(error.status);

export class Outbox {
  /** `on` has: sent(id, messages), waiting(id), and refused(entry, sentence,
   *  mayTryAgain): for good, or the service has failed too often and the next message should have its turn. */
  constructor(session, on) {
    this.session = session;
    this.on = on;
    this.prefix = `${session.name}.unsent.`;
    this.entries = keysUnder(this.prefix).map(recall).filter(Boolean).sort((a, b) => a.at - b.at);
    this.sending = false;
    this.wake = () => {};
  }

  /** `what` is {text}, {choice, label} or {file, kind}. Returns the entry, already kept. */
  async add({ file, ...what }) {
    const entry = { ...what, id: newId(), at: Date.now() };
    if (file) await keepFile(entry.id, file);
    this.#enqueue(entry);
    return entry;
  }

  /** Try once more what the service had failed to take. */
  again(entry) {
    this.#enqueue(entry);
  }

  #enqueue(entry) {
    keep(this.prefix + entry.id, entry);
    this.entries.push(entry);
    this.hurry();
  }

  #forget(id) {
    forget(this.prefix + id);
    forgetFile(id);
  }

  /** Send now: there is something new, or the network is back. */
  hurry() {
    this.wake();
    if (!this.sending) this.#sendAll();
  }

  async #sendAll() {
    this.sending = true;
    let failures = 0;
    let serviceFailures = 0;
    while (this.entries.length) {
      const entry = this.entries[0];
      try {
        const messages = await this.#send(entry);
        this.entries.shift();
        this.#forget(entry.id);
        this.on.sent(entry.id, messages);
        failures = serviceFailures = 0;
      } catch (error) {
        serviceFailures += error instanceof Refused;
        const hopeless = !worthRetrying(error);
        if (hopeless || serviceFailures >= TRIES_WHILE_SERVICE_FAILS) {
          this.entries.shift();
          if (hopeless) this.#forget(entry.id);
          this.on.refused(entry, error.message, !hopeless);
          serviceFailures = 0;
          continue;
        }
        this.on.waiting(entry.id);
        await this.#pause(Math.min(SHORTEST_PAUSE_MS * 2 ** failures++, LONGEST_PAUSE_MS));
      }
    }
    this.sending = false;
  }

  #pause(milliseconds) {
    return new Promise((resolve) => {
      this.wake = resolve;
      setTimeout(resolve, milliseconds);
    });
  }

  async #send(entry) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), entry.kind ? FILE_TIMEOUT_MS : TEXT_TIMEOUT_MS);
    try {
      const request = { method: "POST", signal: abort.signal, ...(await this.#body(entry)) };
      const response = await this.session.fetch("/chat/api/messages", request);
      return (await response.json()).messages;
    } finally {
      clearTimeout(timer);
    }
  }

  async #body({ id, text, choice, kind }) {
    if (!kind) {
      const said = choice === undefined ? { id, text } : { id, choice };
      return { headers: { "Content-Type": "application/json" }, body: JSON.stringify(said) };
    }
    const file = await recallFile(id);
    if (!file) throw new Refused("浏览器没有留住这个文件，请重新选一次。", 410);
    const body = new FormData();
    body.append("id", id);
    body.append("file", file, file.name || "voice");
    return { body };
  }
}
