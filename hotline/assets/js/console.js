// The staff's pages: htmx, live updates, keys. The phone lives outside #work, the only part a response may replace.
import htmx from "htmx.org";
import "./photo-list.js";
import { confirm } from "./confirm.js";
import { guard, guardForms } from "./guard.js";
import { keys } from "./keys.js";
import { live } from "./live.js";
import { note } from "./notes.js";
import { preferences } from "./preferences.js";
import { say } from "./words.js";

Object.assign(htmx.config, {
  allowEval: false, // the content security policy forbids it, and nothing here needs it
  includeIndicatorStyles: false,
  historyCacheSize: 0, // "back" asks the server: a case page from a cache would show an old clock
  refreshOnHistoryMiss: true,
  scrollIntoViewOnBoost: false,
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "409|422", swap: true }, // "somebody saved first" and form errors are pages too
    { code: "...", swap: false, error: true },
  ],
});

// A page without #work (sign-in, an error page) is not a piece of this one: go there whole.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { boosted, xhr, pathInfo, requestConfig } = event.detail;
  if (!boosted) return;
  const whole = !/<main[^>]*\sid="work"/.test(xhr.responseText);
  if (whole && requestConfig.verb === "get") {
    event.detail.shouldSwap = false;
    location.assign(pathInfo.responsePath ?? pathInfo.finalRequestPath);
  } else if (!whole && xhr.status >= 400) {
    event.detail.shouldSwap = true; // 403 and 404 drawn inside the frame
    event.detail.isError = false;
  } else if (whole && xhr.status < 400) {
    event.detail.shouldSwap = false;
    location.assign(pathInfo.responsePath ?? location.href);
  }
});
document.addEventListener("htmx:responseError", () => note(say("failed"), "error"));
document.addEventListener("htmx:sendError", () => note(say("unsent"), "error"));
document.addEventListener("htmx:load", (event) => {
  guardForms(event.detail.elt.parentElement ?? document);
  live();
  if (event.detail.elt.id === "work") arrive(event.detail.elt);
});

function arrive(work) {
  work.scrollTop = 0;
  const target = work.querySelector("[autofocus]") ?? work;
  target.focus({ preventScroll: true });
  document.querySelector(".nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
}

preferences();
confirm();
keys();
guard();
live();
document.querySelector(".nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
