import { announce, icon, make, one } from "../../lib/dom";
import { word } from "../../lib/words";

const MEGA = 1024 * 1024;

/** Shows what was chosen before it is sent, lets one take it back, and says what is too large. */
export function mount(root: HTMLElement): void {
  const input = one<HTMLInputElement>('input[type="file"]', root);
  if (!input) return;
  const list = make("div", { class: "file-list" });
  const said = make("p", { class: "field__error", role: "alert", hidden: true });
  label(root, input);
  root.append(list, said);
  const limit = Number(root.dataset["maxMb"] ?? "0") * MEGA;
  const show = () => {
    for (const media of list.querySelectorAll<HTMLImageElement>("img, video, audio")) {
      URL.revokeObjectURL(media.src);
    }
    list.replaceChildren(...[...(input.files ?? [])].map((file) => tile(file, input, show)));
  };
  input.addEventListener("change", () => {
    const large = limit ? [...(input.files ?? [])].filter((file) => file.size > limit) : [];
    for (const file of large) remove(input, file);
    said.hidden = large.length === 0;
    said.textContent = large
      .map(({ name, size }) => {
        const mega = (size / MEGA).toFixed(1);
        return word("file_too_large", { name, size: mega, limit: root.dataset["maxMb"] ?? "" });
      })
      .join(" ");
    if (said.textContent) announce(said.textContent, true);
    show();
  });
}

/** The browser's own button says nothing in our language; the input stays, visually hidden. */
function label(root: HTMLElement, input: HTMLInputElement): void {
  if (one("label", root)) return;
  const button = make("label", {}, icon("camera"), word("add_file"));
  if (input.id) button.htmlFor = input.id;
  input.before(button);
  button.append(input);
}

function tile(file: File, input: HTMLInputElement, show: () => void): HTMLElement {
  const frame = make("div", { class: "file-tile" });
  const kind = file.type.split("/")[0] ?? "";
  if (["image", "video", "audio"].includes(kind)) frame.append(media(kind, file));
  else frame.append(make("span", { class: "file-tile__kind" }, icon("file")));
  const size = `${Math.max(file.size / MEGA, 0.1).toFixed(1)} MB`;
  frame.append(make("span", { class: "file-tile__name", title: file.name }, `${size} · ${file.name}`));
  const take = make(
    "button",
    {
      type: "button",
      class: "file-tile__remove",
      "aria-label": word("remove_file", { name: file.name }),
    },
    icon("close"),
  );
  take.addEventListener("click", () => {
    remove(input, file);
    show();
    input.focus();
  });
  frame.append(take);
  return frame;
}

function media(kind: string, file: File): HTMLElement {
  const address = URL.createObjectURL(file);
  if (kind === "image") return make("img", { src: address, alt: file.name });
  if (kind === "video") return make("video", { src: address, controls: true, muted: true });
  return make("audio", { src: address, controls: true });
}

function remove(input: HTMLInputElement, file: File): void {
  const kept = new DataTransfer();
  for (const one of input.files ?? []) if (one !== file) kept.items.add(one);
  input.files = kept.files;
}
