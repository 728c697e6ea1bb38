// Telephone numbers in what the service says become links that dial.

const NUMBER_LIKE = /[A-Za-z0-9](?:[A-Za-z0-9.:#%-]*[A-Za-z0-9%])?/g;
const DIALABLE = [
  /^1[3-9]\d{9}$/, // mobile
  /^0\d{2,3}-?\d{7,8}$/, // with area code
  /^1(10|19|20|22)$/, // police, fire, ambulance, traffic
  /^(12|95|96)\d{3}$/, // government and utility hotlines
];
// "110米" and "120斤" are quantities.
const MEASURE_FOLLOWS = /^\s*[元块毛斤亩米里条个户天年月日度岁分公克吨家次位名秒组头只棵人]/;

function isDialable(word, following) {
  return !MEASURE_FOLLOWS.test(following) && DIALABLE.some((shape) => shape.test(word));
}

/** Fragment with `text` as plain text and its telephone numbers as links. */
export function withPhoneLinks(text) {
  const fragment = document.createDocumentFragment();
  let end = 0;
  for (const { 0: word, index } of text.matchAll(NUMBER_LIKE)) {
    const following = text.slice(index + word.length);
    if (!isDialable(word, following)) continue;
    const link = document.createElement("a");
    link.href = `tel:${word}`;
    link.textContent = word;
    fragment.append(text.slice(end, index), link);
    end = index + word.length;
  }
  fragment.append(text.slice(end));
  return fragment;
}
