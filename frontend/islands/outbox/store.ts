/** What an officer did and the server has not yet taken, in the order it was done. */
export interface Kept {
  id: string;
  seq?: number;
  url: string;
  label: string;
  at: number;
  fields: [string, string | File][];
}

const NAME = "siaga-outbox";
const STORE = "actions";

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(STORE, { keyPath: "seq", autoIncrement: true });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function work<T>(
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await open();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = ask(transaction.objectStore(STORE));
      // Only a finished transaction is on disk.
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
      transaction.onerror = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

export function keep(action: Kept): Promise<IDBValidKey> {
  return work("readwrite", (store) => store.add(action));
}

export function waiting(): Promise<Kept[]> {
  return work("readonly", (store) => store.getAll() as IDBRequest<Kept[]>);
}

export function forget(seq: number): Promise<undefined> {
  return work("readwrite", (store) => store.delete(seq));
}
