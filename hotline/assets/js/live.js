// Keeps open pages true. The push server says only *what* changed; the page fetches that partial again by itself.
//
//   <meta name="push-url" content="/push/">                  where the event stream is
//   <main data-live="TOKEN">                                 topics signed by the server (live.actions.sign_topics)
//   <ul id="waiting" data-live-topic="desk agency:3"         what this element shows, as named in the events
//       data-live-src="/console/desk/?part=waiting">         where its fresh HTML comes from (same id at its root)
//     <li data-row="17">…                                        rows, so that new ones can be counted
//
// Stream: GET push-url?t=TOKEN[&t=…][&after=ID]; each message is {"id": …, "topics": ["desk", …]}, and what was missed
// while away is replayed after its id. Forms belong outside live elements; one that is inside is never replaced while
// somebody is writing in it. Nothing jumps under the hand: while the pointer or the focus is inside the
// element, what is new waits behind a pill.
import htmx from "htmx.org";
import { say } from "./words.js";

const DEBOUNCE = 150; // ms: a burst of events is one fetch
const SETTLE = 1200; // ms after the hand has left
const BACKOFF = [500, 1000, 2000, 5000, 10000, 20000];

let source = null;
let subscribed = "";
let lastId = "";
let failures = 0;
let retry = 0;
const seen = new Set(); // ids of acts already acted upon
const due = new Map(); // element id → timer
const shown = new Map(); // element id → HTML last swapped in
const waiting = new Map(); // element id → HTML held back

const elements = () => [...document.querySelectorAll("[data-live-topic][data-live-src][id]")];

function connect() {
  const address = document.querySelector('meta[name="push-url"]')?.content;
  const tokens = [...new Set([...document.querySelectorAll("[data-live]")].map((e) => e.dataset.live))].sort();
  if (!address || !tokens.length) return close();
  const key = tokens.map((token) => token.split(":")[0]).join(" "); // the topics; the signature is new on every page
  if (source && source.readyState !== EventSource.CLOSED && key === subscribed) return;
  close();
  subscribed = key;
  const url = new URL(address, location.href);
  tokens.forEach((token) => url.searchParams.append("t", token));
  if (lastId) url.searchParams.set("after", lastId);
  source = new EventSource(url);
  source.onopen = () => {
    if (failures) elements().forEach(schedule); // whatever happened while we were away
    failures = 0;
    offline(false);
  };
  source.onmessage = (event) => {
    const { id, topics: named } = JSON.parse(event.data);
    if (seen.has(id)) return; // a replay reaches back a little further than it must
    seen.add(id);
    if (seen.size > 1000) seen.delete(seen.values().next().value);
    lastId = event.lastEventId || lastId;
    const topics = new Set(named);
    elements().filter((e) => e.dataset.liveTopic.split(" ").some((t) => topics.has(t))).forEach(schedule);
  };
  source.onerror = () => {
    failures += 1;
    if (failures > 1) offline(true);
    source?.close();
    clearTimeout(retry);
    retry = setTimeout(connect, BACKOFF[Math.min(failures - 1, BACKOFF.length - 1)]);
  };
}

function close() {
  clearTimeout(retry);
  source?.close();
  source = null;
  subscribed = "";
}

function offline(is) {
  const banner = document.getElementById("offline");
  if (banner) banner.hidden = !is;
}

function schedule(element) {
  clearTimeout(due.get(element.id));
  due.set(element.id, setTimeout(() => refresh(element.id), DEBOUNCE));
}

async function refresh(id) {
  due.delete(id);
  const element = document.getElementById(id);
  if (!element) return;
  const headers = { "HX-Request": "true", "HX-Live": "true" };
  let html;
  try {
    const answer = await fetch(element.dataset.liveSrc, { headers, credentials: "same-origin" });
    if (answer.redirected || !answer.ok) return; // signed out or no longer ours: the next click says so
    html = await answer.text();
  } catch {
    return offline(true); // the stream's own reconnect fetches everything again
  }
  if (document.getElementById(id) === element) show(element, html);
}

function show(element, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById(element.id);
  if (!fresh || bare(fresh.outerHTML) === shown.get(element.id)) return;
  if (isHeld(element)) return hold(element, fresh);
  swap(element, fresh.outerHTML);
}

function swap(element, html) {
  const { id, scrollTop } = element;
  const link = element.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  waiting.delete(id);
  pill(element)?.remove();
  htmx.swap(element, html, { swapStyle: "outerHTML" });
  shown.set(id, bare(html));
  const now = document.getElementById(id);
  if (!now) return;
  now.scrollTop = scrollTop;
  if (link) now.querySelector(`[href="${CSS.escape(link)}"]`)?.focus({ preventScroll: true });
}

/** What the eye can see of it: tokens are new in every answer. */
const bare = (html) => html.replace(/(csrfmiddlewaretoken" value|data-live)="[^"]*"/g, "");

const FIELDS = "textarea, select, input:not([type=hidden])";

/** The hand is on it: pointer over or focus in a list, or something is being written inside. */
function isHeld(element) {
  const focus = element.contains(document.activeElement) ? document.activeElement : null;
  if (element.querySelector("[data-row]") && (focus || element.matches(":hover"))) return true;
  return Boolean(focus?.matches(FIELDS)) || [...element.querySelectorAll("textarea, input[type=text]")].some((f) => f.value !== f.defaultValue);
}

function hold(element, fresh) {
  const have = new Set([...element.querySelectorAll("[data-row]")].map((e) => e.dataset.row));
  const rows = [...fresh.querySelectorAll("[data-row]")].filter((e) => !have.has(e.dataset.row)).length;
  waiting.set(element.id, fresh.outerHTML);
  let button = pill(element);
  if (!button) {
    button = Object.assign(document.createElement("button"), { className: "live-pill", type: "button" });
    button.dataset.pillFor = element.id;
    button.addEventListener("click", () => release(element.id));
    element.before(button);
  }
  button.textContent = rows ? say("newRows", { n: rows }) : say("changed");
  element.addEventListener("pointerleave", () => later(element.id), { once: true });
  element.addEventListener("focusout", () => later(element.id), { once: true });
}

const pill = (element) => document.querySelector(`[data-pill-for="${CSS.escape(element.id)}"]`);

function release(id) {
  const element = document.getElementById(id);
  if (element && waiting.has(id)) swap(element, waiting.get(id));
}

function later(id) {
  setTimeout(() => {
    const element = document.getElementById(id);
    if (!element || !waiting.has(id)) return;
    if (!isHeld(element)) return release(id);
    element.addEventListener("pointerleave", () => later(id), { once: true });
    element.addEventListener("focusout", () => later(id), { once: true });
  }, SETTLE);
}

/** Starts listening; called again after every swap, since new elements may bring new topics. */
export function live() {
  for (const button of document.querySelectorAll("[data-pill-for]")) {
    if (!document.getElementById(button.dataset.pillFor)) button.remove();
  }
  connect();
}

window.addEventListener("online", connect);
window.addEventListener("offline", () => offline(true));
window.addEventListener("pagehide", close);
window.addEventListener("pageshow", (event) => event.persisted && connect());
