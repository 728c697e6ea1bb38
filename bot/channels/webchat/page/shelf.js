// What the page remembers in this browser. Where the browser forbids that, it lasts until the page is closed.

const fallback = new Map();

function working() {
  try {
    localStorage.setItem("lianxin.try", "1");
    localStorage.removeItem("lianxin.try");
    return true;
  } catch {
    return false;
  }
}

const lasting = working();

export function keep(key, value) {
  try {
    if (lasting) return localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // The browser's room is full: the rest of this visit is remembered in memory.
  }
  fallback.set(key, value);
}

export function recall(key) {
  if (fallback.has(key)) return fallback.get(key);
  if (!lasting) return null;
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

export function forget(key) {
  fallback.delete(key);
  if (lasting) localStorage.removeItem(key);
}

export function keysUnder(prefix) {
  const keys = [...fallback.keys(), ...(lasting ? Object.keys(localStorage) : [])];
  return keys.filter((key) => key.startsWith(prefix));
}
