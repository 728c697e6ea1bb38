// Recording what the person says: press to start, press to send.

// WeChat takes at most 60 seconds as one voice: what is said here arrives there in one piece.
const LONGEST_SECONDS = 58;

export const canRecord = Boolean(window.MediaRecorder && navigator.mediaDevices?.getUserMedia);

export class Recording {
  /** `onSecond(n)` is told the time; `onFull()` that the longest time is over. Raises when the person forbids the microphone. */
  static async start(onSecond, onFull) {
    const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    return new Recording(microphone, onSecond, onFull);
  }

  constructor(microphone, onSecond, onFull) {
    this.microphone = microphone;
    this.parts = [];
    this.recorder = new MediaRecorder(microphone);
    this.recorder.addEventListener("dataavailable", ({ data }) => this.parts.push(data));
    this.recorder.start();
    let seconds = 0;
    onSecond(seconds);
    this.clock = setInterval(() => {
      onSecond(++seconds);
      if (seconds >= LONGEST_SECONDS) onFull();
    }, 1000);
  }

  /** Ends the recording and gives it as a file. */
  finish() {
    return new Promise((resolve) => {
      this.recorder.addEventListener("stop", () => {
        const type = this.recorder.mimeType.split(";")[0] || "audio/webm";
        resolve(new File(this.parts, `voice.${type.split("/")[1]}`, { type }));
      });
      clearInterval(this.clock);
      this.recorder.stop();
      this.microphone.getTracks().forEach((track) => track.stop());
    });
  }
}
