declare const __DEV__: boolean;

declare module "*.css";

declare module "idiomorph/dist/idiomorph-ext.esm.js" {
  export const Idiomorph: {
    defaults: {
      callbacks: { beforeAttributeUpdated: (name: string, element: Element) => boolean };
    };
    morph(old: Element, next: unknown, config?: object): Node[];
  };
}

interface IdleDeadline {
  readonly didTimeout: boolean;
}

interface Window {
  htmx: {
    ajax(verb: string, url: string, context: Record<string, unknown>): Promise<void>;
  };
}
