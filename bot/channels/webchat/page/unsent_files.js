// Photos and sounds that wait for the network, kept in IndexedDB because they are too big for localStorage.
// Where there is no IndexedDB they last until the page is closed.

const inMemory = new Map();

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function openDatabase() {
  const opening = indexedDB.open("lianxin", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("unsent");
  return done(opening);
}

let database;

async function shelf(mode) {
  database ??= openDatabase();
  return (await database).transaction("unsent", mode).objectStore("unsent");
}

export async function keepFile(id, file) {
  inMemory.set(id, file);
  try {
    await done((await shelf("readwrite")).put(file, id));
  } catch {
    // Memory has it already.
  }
}

/** The file, or undefined when the browser has thrown it away. */
export async function recallFile(id) {
  if (inMemory.has(id)) return inMemory.get(id);
  try {
    return await done((await shelf("readonly")).get(id));
  } catch {
    return undefined;
  }
}

export async function forgetFile(id) {
  inMemory.delete(id);
  try {
    await done((await shelf("readwrite")).delete(id));
  } catch {
    // It was never written.
  }
}
