// Who is talking: opens a session with the service, remembers its token, and signs every request with it.

import { forget, keep, recall } from "./shelf.js";

/** The service no longer knows our token; a new session has been opened in its place. */
export class SessionRenewed extends Error {}

/** The service answered, and said no. `message` is for people. */
export class Refused extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

async function refusal(response) {
  const body = await response.json().catch(() => ({}));
  return new Refused(body.error || "这一步没办成，请过一会儿再试。", response.status);
}

/** An invitation is how the person came: a printed card, a persona of the demo, or neither. */
function invitationFrom(query) {
  const named = ["card", "persona", "area"].map((name) => [name, query.get(name)]);
  return Object.fromEntries(named.filter(([, value]) => value));
}

function shelfName({ card, persona, area }) {
  if (persona) return `lianxin.demo.${persona}.${area || ""}`;
  return card ? `lianxin.card.${card}` : "lianxin.plain";
}

export class Session {
  constructor(query) {
    this.invitation = invitationFrom(query);
    this.name = shelfName(this.invitation);
    this.known = recall(`${this.name}.session`);
    this.opening = null;
    /** Called when the service no longer knows our session, before a new one is opened. */
    this.onForgotten = () => {};
  }

  get title() {
    return this.known?.title || "";
  }

  /** Opens a session unless one is open. Callers that come at the same time share one request. */
  open() {
    if (this.known) return Promise.resolve();
    this.opening ??= this.#ask().finally(() => (this.opening = null));
    return this.opening;
  }

  async #ask() {
    const response = await fetch("/chat/api/session", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(this.invitation),
    });
    if (!response.ok) throw await refusal(response);
    const { token, title } = await response.json();
    this.known = { token, title };
    keep(`${this.name}.session`, this.known);
  }

  /** fetch() with the token. Raises Refused, SessionRenewed, or whatever fetch raises when there is no network. */
  async fetch(path, options = {}) {
    await this.open();
    const { token } = this.known;
    const headers = { ...options.headers, Authorization: `Bearer ${token}` };
    const response = await fetch(path, { ...options, headers });
    if (response.ok) return response;
    if (response.status !== 401) throw await refusal(response);
    await this.#renew(token);
    throw new SessionRenewed();
  }

  async #renew(deadToken) {
    if (this.known?.token === deadToken) {
      this.known = null;
      forget(`${this.name}.session`);
      this.onForgotten();
    }
    await this.open();
  }
}
