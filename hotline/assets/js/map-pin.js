// <map-pin lat="15.57" lon="108.47" zoom="12" places="places-json" [tiles="/tiles/{z}/{x}/{y}.png"] [readonly]>
//   <input type="hidden" name="lat"><input type="hidden" name="lon">
// </map-pin>
// No tiles unless the operator gives an address of its own: no foreign server ever learns where a report is. Without
// tiles the commune centroids of the JSON script named by `places` ([[name, lat, lon], …]) give the context.
import * as L from "leaflet";
import { say } from "./words.js";

class MapPin extends HTMLElement {
  connectedCallback() {
    if (this.map) return;
    [this.lat, this.lon] = ["lat", "lon"].map((name) => this.querySelector(`input[name$="${name}"]`));
    const box = Object.assign(document.createElement("div"), { className: "map-box" });
    this.note = Object.assign(document.createElement("p"), { className: "map-note" });
    this.note.setAttribute("role", "status");
    this.prepend(box);
    const given = this.lat?.value && this.lon?.value ? [Number(this.lat.value), Number(this.lon.value)] : null;
    const centre = [Number(this.getAttribute("lat")), Number(this.getAttribute("lon"))];
    this.map = L.map(box, { attributionControl: false, zoomControl: true }).setView(given ?? centre, Number(this.getAttribute("zoom") ?? 12));
    if (this.getAttribute("tiles")) L.tileLayer(this.getAttribute("tiles"), { maxZoom: 19 }).addTo(this.map);
    this.places();
    const readonly = this.hasAttribute("readonly");
    if (given) this.put(L.latLng(given), false);
    else if (readonly) this.put(L.latLng(centre), false);
    if (readonly) return;
    this.map.on("click", (event) => this.put(event.latlng));
    this.tools();
  }

  disconnectedCallback() {
    this.map?.remove();
    this.map = null;
    this.querySelectorAll(".map-box, .map-tools, .map-note").forEach((e) => e.remove());
  }

  places() {
    const script = document.getElementById(this.getAttribute("places") ?? "");
    for (const [name, lat, lon] of JSON.parse(script?.textContent ?? "[]")) {
      L.circleMarker([lat, lon], { radius: 3, color: "#5b6670", weight: 1, fillOpacity: 0.6, interactive: false })
        .bindTooltip(name, { permanent: true, direction: "right", className: "map-name", offset: [4, 0] })
        .addTo(this.map);
    }
  }

  tools() {
    const row = Object.assign(document.createElement("div"), { className: "map-tools" });
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-small", textContent: this.getAttribute("locate-label") ?? "Dùng vị trí của tôi" });
    button.addEventListener("click", () => this.locate());
    row.append(button, this.note);
    this.append(row);
  }

  locate() {
    this.note.textContent = say("locating");
    const failed = () => (this.note.textContent = say("noLocation"));
    if (!navigator.geolocation) return failed();
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const here = L.latLng(coords.latitude, coords.longitude);
        this.map.setView(here, 16);
        this.put(here);
      },
      failed,
      { enableHighAccuracy: true, timeout: 10000 },
    );
  }

  put(at, tell = true) {
    const draggable = !this.hasAttribute("readonly");
    if (this.mark) this.mark.setLatLng(at);
    else {
      this.mark = L.marker(at, { draggable, keyboard: draggable, icon: L.divIcon({ className: "", html: '<div class="map-mark"></div>', iconSize: [0, 0] }) }).addTo(this.map);
      this.mark.on("dragend", () => this.put(this.mark.getLatLng()));
    }
    if (!tell) return;
    if (this.lat) this.lat.value = at.lat.toFixed(6);
    if (this.lon) this.lon.value = at.lng.toFixed(6);
    this.note.textContent = say("pinned");
    this.dispatchEvent(new CustomEvent("pinned", { bubbles: true, detail: { lat: at.lat, lon: at.lng } }));
  }
}

customElements.define("map-pin", MapPin);
