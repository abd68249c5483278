import type { Entry, Kept } from './queue'

const name = 'quan-counter'
const table = 'entries'

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const r = indexedDB.open(name, 1)
    r.onupgradeneeded = () => r.result.createObjectStore(table, { keyPath: 'key' })
    r.onsuccess = () => resolve(r.result)
    r.onerror = () => reject(r.error ?? new Error('indexedDB'))
  })
}

async function within<T>(mode: IDBTransactionMode, act: (s: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await open()
  try {
    return await new Promise<T>((resolve, reject) => {
      const tx = db.transaction(table, mode, { durability: 'strict' })
      const r = act(tx.objectStore(table))
      // Only what is committed is kept.
      tx.oncomplete = () => resolve(r.result)
      tx.onabort = tx.onerror = () => reject(tx.error ?? new Error('indexedDB'))
    })
  } finally {
    db.close()
  }
}

/** Shelf keeps entries in the device's database, durably. */
export const shelf: Kept = {
  all: () => within<Entry[]>('readonly', (s) => s.getAll() as IDBRequest<Entry[]>),
  put: async (e) => void (await within('readwrite', (s) => s.put(e))),
  drop: async (key) => void (await within('readwrite', (s) => s.delete(key))),
}
