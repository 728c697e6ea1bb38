// Several phones on one desk: each is the chat page in a frame, as one person of the chosen village.

import { forget, keysUnder } from "/chat/assets/shelf.js";

const PHONES = [
  { name: "left", side: "左边", role: "villager" },
  { name: "right", side: "右边", role: "cadre" },
];
const THIRD_PHONE = { name: "third", side: "第三部", role: "supervisor" };
const ROOM_FOR_THREE = "(min-width: 1600px)";
const ROOM_FOR_GUIDE = "(min-width: 1200px)";

const byId = (id) => document.getElementById(id);
const township = byId("township");
const village = byId("village");

/** What is chosen stands in the address, so that reloading or sharing it shows the same desk. */
const chosen = new URLSearchParams(location.search);

function remember(name, value) {
  chosen.set(name, value);
  history.replaceState(null, "", `?${chosen}`);
}

class Phone {
  constructor({ name, side, role }) {
    Object.assign(this, { name, side });
    this.section = byId("phone").content.firstElementChild.cloneNode(true);
    this.role = this.section.querySelector("select");
    this.frame = this.section.querySelector("iframe");
    this.role.value = chosen.get(name) || role;
    this.role.addEventListener("change", () => {
      remember(name, this.role.value);
      this.show();
    });
    this.tab = document.createElement("button");
    this.tab.type = "button";
    this.tab.addEventListener("click", () => bringForward(this));
    byId("phones").append(this.section);
    byId("tabs").append(this.tab);
  }

  show() {
    const query = new URLSearchParams({ persona: this.role.value, area: village.value, frame: this.name });
    this.frame.title = `${this.side}的手机`;
    this.frame.src = `/chat?${query}`;
    this.label();
  }

  label(hasNews = false) {
    const owner = this.role.selectedOptions[0].textContent;
    this.tab.textContent = `${this.side} ${owner}${hasNews ? "（有新话）" : ""}`;
  }
}

const phones = (matchMedia(ROOM_FOR_THREE).matches ? [...PHONES, THIRD_PHONE] : PHONES).map((phone) => new Phone(phone));

/** On a narrow screen one phone is seen at a time. */
function bringForward(phone) {
  for (const other of phones) {
    other.section.classList.toggle("forward", other === phone);
    other.tab.setAttribute("aria-pressed", String(other === phone));
  }
  phone.label();
}

function option({ code, name }) {
  return new Option(name, code);
}

function pick(select, value) {
  if ([...select.options].some((each) => each.value === value)) select.value = value;
}

function tellTrouble(sentence) {
  byId("trouble").textContent = sentence;
  byId("trouble").hidden = false;
}

async function loadAreas() {
  const response = await fetch("/demo/api/areas");
  if (!response.ok) throw new Error(`areas: ${response.status}`);
  return response.json();
}

function offerVillages(areas) {
  const { villages } = areas.find(({ code }) => code === township.value);
  village.replaceChildren(...villages.map(option));
}

function visitVillage() {
  remember("village", village.value);
  phones.forEach((phone) => phone.show());
}

function layDesk(areas) {
  township.replaceChildren(...areas.map(option));
  const wanted = chosen.get("village");
  pick(township, areas.find(({ villages }) => villages.some(({ code }) => code === wanted))?.code);
  offerVillages(areas);
  pick(village, wanted);
  township.addEventListener("change", () => {
    offerVillages(areas);
    visitVillage();
  });
  village.addEventListener("change", visitVillage);
  byId("afresh").addEventListener("click", () => {
    keysUnder("lianxin.demo.").forEach(forget);
    phones.forEach((phone) => phone.show());
  });
  visitVillage();
}

addEventListener("message", ({ origin, data }) => {
  const phone = phones.find(({ name }) => name === data.news);
  if (origin === location.origin && phone && !phone.section.classList.contains("forward")) phone.label(true);
});

byId("guide").open = matchMedia(ROOM_FOR_GUIDE).matches;
bringForward(phones[0]);
loadAreas().then(layDesk, () => tellTrouble("地名没取到，请刷新这一页。"));
