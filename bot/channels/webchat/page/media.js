// Pictures, sounds and files in bubbles. They are fetched with the session's token: nobody else may see them.

const NAMES = { image: "照片", voice: "语音", video: "视频", file: "文件" };
const PROMPTS = { image: "照片没打开，点这里再试", voice: "听语音", video: "看视频", file: "打开文件" };

function openWhole(source) {
  const dialog = document.getElementById("whole-picture");
  dialog.querySelector("img").src = source;
  dialog.showModal();
}

function caption(kind) {
  const words = document.createElement("p");
  words.className = "media-name";
  words.textContent = NAMES[kind];
  return words;
}

function picture(source, name) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "picture";
  const image = document.createElement("img");
  image.src = source;
  image.alt = "照片，点开看大图";
  // Many browsers cannot draw HEIC: the photo is there all the same, and another program may draw it.
  image.addEventListener("error", () => button.replaceWith(caption("image"), download(source, name)));
  button.append(image);
  button.addEventListener("click", () => openWhole(source));
  return button;
}

function player(tag, source, name) {
  const element = document.createElement(tag);
  element.controls = true;
  element.src = source;
  // Not every browser plays WebM or Ogg: then the person can keep it and play it elsewhere.
  element.addEventListener("error", () => element.replaceWith(download(source, name)));
  return element;
}

function download(source, name) {
  const link = document.createElement("a");
  link.href = source;
  link.download = name;
  link.className = "media-button";
  link.textContent = "存下文件";
  return link;
}

function element(kind, source, name) {
  if (kind === "image") return picture(source, name);
  if (kind === "voice") return player("audio", source, name);
  if (kind === "video") return player("video", source, name);
  return download(source, name);
}

/** What the service calls a file. */
function nameOf(response) {
  const named = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("Content-Disposition") || "");
  return named ? decodeURIComponent(named[1]) : "";
}

/** What the person has just chosen or recorded. `file` is missing when the browser did not keep it. */
export function localMedia(kind, file) {
  return file ? element(kind, URL.createObjectURL(file), file.name || "") : caption(kind);
}

/** What the service keeps. Photos load by themselves; the rest, being big, when asked for. */
export function remoteMedia({ kind, url }, session) {
  if (!url.startsWith("/chat/media/")) return caption(kind);
  const place = document.createElement("div");
  const load = async () => {
    place.textContent = "正在打开…";
    try {
      const response = await session.fetch(url);
      place.replaceChildren(element(kind, URL.createObjectURL(await response.blob()), nameOf(response)));
    } catch {
      offer();
    }
  };
  const offer = () => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "media-button";
    button.textContent = PROMPTS[kind] || PROMPTS.file;
    button.addEventListener("click", load);
    place.replaceChildren(button);
  };
  if (kind === "image") load();
  else offer();
  return place;
}
