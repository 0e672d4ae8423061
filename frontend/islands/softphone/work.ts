import { open } from "./going";
import { type Server, Unreachable } from "./server";

const AGAIN_MS = 250;
const TRIES = 40;

/**
 * The caller's contact is taken and its form opened while the first words are spoken. The contact
 * is made from Asterisk's record, which may be a moment behind the voice. Its id; empty if none came.
 */
export async function openContact(server: Server, linked: string): Promise<string> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const taken = await server.take(linked).catch((reason: unknown) => {
      if (reason instanceof Unreachable) return null;
      throw reason;
    });
    if (taken) {
      await open(taken.url);
      return taken.contact;
    }
    await new Promise((resolve) => window.setTimeout(resolve, AGAIN_MS));
  }
  return "";
}
