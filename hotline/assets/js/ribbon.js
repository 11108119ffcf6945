// On a telephone the ribbon is wider than the screen: begin where the clock stands, not two weeks ago.
export function ribbons(root = document) {
  for (const ribbon of root.querySelectorAll(".ribbon")) {
    const now = ribbon.querySelector(".ribbon-mark.now");
    if (!now || ribbon.scrollWidth <= ribbon.clientWidth) continue;
    const at = now.getBoundingClientRect().left - ribbon.getBoundingClientRect().left + ribbon.scrollLeft;
    ribbon.scrollLeft = at - ribbon.clientWidth / 3;
  }
}
