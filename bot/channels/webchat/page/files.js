// Which files may be sent. The service checks again; here it is to spare people a long, useless upload.

const LARGEST_BYTES = 10 * 1024 * 1024;
const IMAGE_TYPE = /^image\/(jpeg|png|webp|gif|heic|heif)$/;
const IMAGE_NAME = /\.(jpe?g|png|webp|gif|hei[cf])$/i;
const SHEET_NAME = /\.(xlsx|xlsm|xls|csv)$/i;
const VOICE_NAME = /\.(mp3|m4a|aac|amr|wav|ogg|opus|webm)$/i;

/** "image", "voice", "file" for a table, which staff may send, or null. Some phones name no type, so the ending of the name counts too. */
function kindOf({ type, name }) {
  if (IMAGE_TYPE.test(type) || (!type && IMAGE_NAME.test(name))) return "image";
  if (type.startsWith("audio/") || (!type && VOICE_NAME.test(name))) return "voice";
  if (SHEET_NAME.test(name)) return "file";
  return null;
}

/** {kind} of a file that may be sent, or {problem}: a sentence for the person. */
export function inspect(file) {
  const kind = kindOf(file);
  if (!kind) return { problem: "这种文件收不了。请发照片或者录音。" };
  if (file.size === 0) return { problem: "这个文件是空的，请换一个。" };
  if (file.size > LARGEST_BYTES) return { problem: "这个文件太大了（超过10兆）。请换一张小一点的，或者用说话代替。" };
  return { kind };
}
