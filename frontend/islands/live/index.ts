import type { Mount } from "../../lib/dom";

export const mount: Mount = () => undefined;
