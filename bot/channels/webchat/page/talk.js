// The bubbles. What the service and people write is put in as text, never as HTML.

import { localMedia, remoteMedia } from "./media.js";
import { withPhoneLinks } from "./phone_numbers.js";

const DOUBLE_TAP_MS = 1000;
const AT_THE_END_PX = 80;

function make(tag, className, ...content) {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...content);
  return element;
}

function button(className, label, onClick) {
  const element = make("button", className, label);
  element.type = "button";
  element.addEventListener("click", onClick);
  return element;
}

export class Talk {
  /** `on` has: choose(choice), again(entry), news(): a message came while the person reads further up. */
  constructor(log, turns, session, on) {
    Object.assign(this, { log, turns, session, on });
    this.clear();
    this.#stayAtTheEnd();
  }

  clear() {
    this.turns.replaceChildren();
    this.seen = new Set();
    this.own = new Map();
    this.atTheEnd = true;
  }

  /** Shows a message of the transcript. The same one may come several times; it is shown once. */
  show(message) {
    if (this.seen.has(message.id)) return;
    this.seen.add(message.id);
    const turn = this.own.get(message.client_id);
    if (turn) this.#confirm(turn, message);
    else this.#place(this.#turn(message), message.id);
    if (message.from === "bot" && !this.atTheEnd) this.on.news();
  }

  /** Shows what the person just said, before the service has it. */
  showUnsent(entry, file) {
    const media = entry.kind ? [localMedia(entry.kind, file)] : [];
    const turn = this.#frame("me", entry.text ?? entry.label ?? "", media);
    this.own.set(entry.id, turn);
    this.#place(turn, Infinity);
    this.#state(turn, "正在发送…");
    this.toTheEnd();
  }

  markWaiting(id) {
    this.#state(this.own.get(id), "还没发出去，网好了自动再发");
  }

  markSent(id) {
    this.#state(this.own.get(id), "");
  }

  markRefused(entry, sentence, mayTryAgain) {
    const turn = this.own.get(entry.id);
    const again = button("again", "再发一次", () => {
      this.#state(turn, "正在发送…");
      this.on.again(entry);
    });
    this.#state(turn, `没发出去。${sentence}`, ...(mayTryAgain ? [again] : []));
  }

  toTheEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.atTheEnd = true;
  }

  /** Pictures that load, the keyboard that opens and bigger type all move the end: follow it. */
  #stayAtTheEnd() {
    let lastTop = 0;
    this.log.addEventListener("scroll", () => {
      const { scrollHeight, scrollTop, clientHeight } = this.log;
      const nearTheEnd = scrollHeight - scrollTop - clientHeight < AT_THE_END_PX;
      // Only people scroll up; when the end just moved away, we are about to follow it.
      this.atTheEnd = nearTheEnd || (this.atTheEnd && scrollTop >= lastTop);
      lastTop = scrollTop;
    });
    const follow = new ResizeObserver(() => this.atTheEnd && this.toTheEnd());
    follow.observe(this.log);
    follow.observe(this.turns);
  }

  #turn({ from, text, choices = [], media = [] }) {
    const turn = this.#frame(from, text, media.map((item) => remoteMedia(item, this.session)));
    if (choices.length) turn.append(this.#choices(choices));
    return turn;
  }

  #frame(from, text, media) {
    const words = make("p", "words", from === "bot" ? withPhoneLinks(text) : text);
    words.dir = "auto";
    const speaker = make("span", "for-listeners", from === "bot" ? "连心说：" : "我说：");
    const bubble = make("div", "bubble", speaker, ...media, ...(text ? [words] : []));
    return make("div", `turn ${from}`, bubble);
  }

  #choices(choices) {
    const buttons = choices.map((choice, index) => {
      const label = document.createDocumentFragment();
      const words = make("span", "label", choice.label);
      words.dir = "auto";
      label.append(make("span", "number", String(index + 1)), " ", words);
      let lastTap = -Infinity;
      return button("choice", label, ({ timeStamp }) => {
        // Unsure hands tap twice; they mean it once.
        if (timeStamp - lastTap > DOUBLE_TAP_MS) this.on.choose(choice);
        lastTap = timeStamp;
      });
    });
    const group = make("div", "choices", ...buttons);
    group.setAttribute("role", "group");
    return group;
  }

  #confirm(turn, { id, text }) {
    const words = turn.querySelector(".words");
    if (words && text) words.textContent = text;
    this.#state(turn, "");
    this.#place(turn, id);
  }

  /** Keeps the transcript's order, with what is still unsent at the end. */
  #place(turn, id) {
    turn.dataset.id = id;
    const later = [...this.turns.children].find((other) => other !== turn && Number(other.dataset.id) > id);
    const isThere = turn.parentNode && turn.nextElementSibling === (later ?? null);
    if (!isThere) this.turns.insertBefore(turn, later ?? null);
    this.#quietOldChoices();
  }

  /** The open question is the newest one with choices, until the person has said something after it. */
  #quietOldChoices() {
    let open = true;
    for (const turn of [...this.turns.children].reverse()) {
      const group = turn.querySelector(".choices");
      if (group) {
        group.classList.toggle("old", !open);
        group.setAttribute("aria-label", open ? "请选一个" : "前面的选项");
      }
      if (group || turn.classList.contains("me")) open = false;
    }
  }

  #state(turn, sentence, ...more) {
    turn.querySelector(".state")?.remove();
    if (sentence) turn.append(make("div", "state", make("p", "", sentence), ...more));
  }
}
