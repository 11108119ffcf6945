// What most people do not need is fetched when it is opened:
// <details data-script="…/map.js" data-style="…/map.css">. And buttons that only JavaScript can serve appear with it.
export function lazy() {
  for (const details of document.querySelectorAll("details[data-script]")) {
    const load = () => {
      if (!details.open || details.dataset.loaded) return;
      details.dataset.loaded = "yes";
      const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: details.dataset.style });
      // The map measures itself: its style comes first.
      style.addEventListener("load", () => document.head.append(Object.assign(document.createElement("script"), { type: "module", src: details.dataset.script })));
      document.head.append(style);
    };
    details.addEventListener("toggle", load);
    load();
  }
  for (const button of document.querySelectorAll("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
