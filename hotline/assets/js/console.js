// The staff's pages: htmx, live updates, keys. The phone lives outside #work, the only part a response may replace.
import htmx from "htmx.org";
import "./photo-list.js";
import { confirm } from "./confirm.js";
import { guard, guardForms } from "./guard.js";
import { keys } from "./keys.js";
import { live } from "./live.js";
import { note } from "./notes.js";
import { preferences } from "./preferences.js";
import { ribbons } from "./ribbon.js";
import { say } from "./words.js";

Object.assign(htmx.config, {
  allowEval: false, // the content security policy forbids it, and nothing here needs it
  includeIndicatorStyles: false,
  historyCacheSize: 0, // "back" asks the server: a case page from a cache would show an old clock
  refreshOnHistoryMiss: true,
  scrollIntoViewOnBoost: false,
  defaultSettleDelay: 0, // what can be seen can be pressed: until it is settled, a new button would send its whole form
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "409|422", swap: true }, // "somebody saved first" and form errors are pages too
    { code: "...", swap: false, error: true },
  ],
});

// hx-boost on the frame makes links and forms replace #work alone; the side list follows, the phone is never touched.
// A page without #work (sign-in, an error page) is not a piece of this one: go there whole.
document.addEventListener("htmx:beforeSwap", (event) => {
  const detail = event.detail;
  if (!detail.boosted) return;
  const page = new DOMParser().parseFromString(detail.xhr.responseText, "text/html");
  detail.shouldSwap = false;
  if (!page.getElementById("work")) {
    if (detail.xhr.status < 400 || detail.requestConfig.verb === "get") location.assign(detail.pathInfo.responsePath ?? detail.pathInfo.finalRequestPath);
    return; // a POST that failed without a page: the note below says so, the text typed stays
  }
  const nav = page.getElementById("nav");
  if (nav) document.getElementById("nav")?.replaceWith(document.adoptNode(nav));
  document.title = page.title;
  Object.assign(detail, { shouldSwap: true, isError: false, target: document.getElementById("work"), selectOverride: "#work", swapOverride: "outerHTML" });
});
document.addEventListener("htmx:beforeHistoryUpdate", (event) => {
  // A form sent back with its errors (422) or a lost race (409) stays on the page it came from.
  if (event.detail.xhr?.status >= 400) event.detail.history.path = location.pathname + location.search;
});
document.addEventListener("htmx:responseError", () => note(say("failed"), "error"));
document.addEventListener("htmx:sendError", () => note(say("unsent"), "error"));
document.addEventListener("htmx:load", (event) => {
  guardForms(event.detail.elt.parentElement ?? document);
  ribbons(event.detail.elt);
  live();
  if (event.detail.elt.id === "work") arrive(event.detail.elt);
});

// A field that the server fills beside an answer: only while it is blank, and what is being typed wins.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  if (!target.matches("input")) return;
  event.detail.shouldSwap = false;
  if (target.value) return;
  target.value = fragment.querySelector("input")?.value ?? "";
  if (target === document.activeElement) target.select();
});

function arrive(work) {
  work.scrollTop = 0;
  const target = work.querySelector("[autofocus]") ?? work;
  target.focus({ preventScroll: true });
  showWhereWeAre();
}

preferences();
confirm();
keys();
guard();
ribbons();
live();
showWhereWeAre();

// On a telephone the side list and the tabs lie in a row: what is open comes into sight.
function showWhereWeAre() {
  for (const here of document.querySelectorAll(".nav [aria-current], .tabs [aria-current]")) here.scrollIntoView({ block: "nearest", inline: "center" });
}
