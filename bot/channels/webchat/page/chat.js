// Puts the page together: what the person does goes to the outbox, what the service says to the talk.

import { inspect } from "./files.js";
import { Incoming } from "./incoming.js";
import { Outbox } from "./outbox.js";
import { Session } from "./session.js";
import { keep, recall } from "./shelf.js";
import { Talk } from "./talk.js";
import { recallFile } from "./unsent_files.js";
import { canRecord, Recording } from "./voice.js";

const TALLEST_TEXT_PX = 150;
const byId = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);
const text = byId("text");

const session = new Session(query);
const talk = new Talk(byId("log"), byId("turns"), session, {
  choose: ({ id, label }) => say({ choice: id, label }),
  again: (entry) => outbox.again(entry),
  news: () => (byId("news").hidden = false),
});
const outbox = new Outbox(session, {
  sent(id, messages) {
    talk.markSent(id);
    messages.forEach((message) => talk.show(message));
  },
  waiting: (id) => talk.markWaiting(id),
  refused: (...why) => talk.markRefused(...why),
});
const incoming = new Incoming(session, {
  message(message) {
    talk.show(message);
    if (message.from === "bot" && byId("opening").hidden) tellTheFrame();
  },
  connected,
  lost: () => tellConnection("网络断了，正在重连…"),
  refused: tellConnection,
});

session.onForgotten = () => {
  // What the service does not know, the page does not show.
  talk.clear();
  incoming.startOver();
  showUnsent();
};

async function showUnsent() {
  for (const entry of outbox.entries) talk.showUnsent(entry, entry.kind && (await recallFile(entry.id)));
}

function connected() {
  byId("place").textContent = session.title;
  byId("opening").hidden = true;
  byId("log").removeAttribute("aria-busy");
  if (byId("lost").hidden) return;
  byId("lost").hidden = true;
  outbox.hurry();
}

function tellConnection(sentence) {
  byId("lost").textContent = sentence;
  byId("lost").hidden = false;
}

/** The demo shows two phones and marks the one that has something new. */
function tellTheFrame() {
  if (query.has("frame")) parent.postMessage({ news: query.get("frame") }, location.origin);
}

function tellHint(sentence) {
  byId("hint").textContent = sentence;
  byId("hint").hidden = !sentence;
}

async function say({ file, ...what }) {
  tellHint("");
  const entry = await outbox.add({ file, ...what });
  talk.showUnsent(entry, file);
}

function sendText() {
  const words = text.value.trim();
  text.value = "";
  fitText();
  text.focus();
  if (words) say({ text: words });
}

function sendFile(file) {
  const { kind, problem } = inspect(file);
  if (problem) tellHint(problem);
  else say({ file, kind });
}

/** The field grows with what is written; an empty one leaves its button to speaking. */
function fitText() {
  text.style.height = "";
  if (text.value) text.style.height = `${Math.min(text.scrollHeight, TALLEST_TEXT_PX)}px`;
  byId("speak").hidden = !canRecord || text.value.trim() !== "";
  byId("send").hidden = !byId("speak").hidden;
}

let recording = null;

async function startRecording() {
  tellHint("");
  try {
    recording = await Recording.start(
      (seconds) => (byId("seconds").textContent = `${seconds}秒`),
      () => endRecording(sendFile),
    );
    showRecording(true);
    byId("send-voice").focus();
  } catch {
    tellHint("用不了话筒。请允许使用话筒，或者打字、发照片。");
  }
}

async function endRecording(use) {
  const ending = recording;
  recording = null;
  if (!ending) return;
  showRecording(false);
  byId("speak").focus();
  use(await ending.finish());
}

function showRecording(on) {
  byId("recording").hidden = !on;
  byId("composer").hidden = on;
}

function setBigType(on) {
  document.documentElement.classList.toggle("big", on);
  byId("big-type").setAttribute("aria-pressed", String(on));
  fitText();
}

byId("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  sendText();
});
text.addEventListener("input", fitText);
text.addEventListener("keydown", (event) => {
  // While Chinese is being composed, Enter (229 in Safari) takes the suggested word and must not send.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  sendText();
});
byId("file").addEventListener("change", ({ target }) => {
  [...target.files].forEach(sendFile);
  target.value = "";
});
byId("speak").addEventListener("click", startRecording);
byId("send-voice").addEventListener("click", () => endRecording(sendFile));
byId("drop-voice").addEventListener("click", () => endRecording(() => {}));
byId("big-type").addEventListener("click", () => {
  const on = !document.documentElement.classList.contains("big");
  keep("lianxin.big-type", on);
  setBigType(on);
});
byId("news").addEventListener("click", () => talk.toTheEnd());
byId("log").addEventListener("scroll", () => (byId("news").hidden ||= talk.atTheEnd));

addEventListener("online", () => {
  incoming.hurry();
  outbox.hurry();
});
addEventListener("offline", () => {
  tellConnection("网络断了，正在重连…");
  incoming.hurry();
});
// A phone that slept has often lost its connection without noticing.
document.addEventListener("visibilitychange", () => document.hidden || incoming.hurry());

byId("saying").disabled = false;
setBigType(Boolean(recall("lianxin.big-type")));
showUnsent().then(() => {
  outbox.hurry();
  incoming.listen();
});
