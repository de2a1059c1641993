// What happened and what stayed, said at the bottom right for ten seconds, with a way to undo it.

import type { IconName } from "../parts/icons";

export interface Toast {
  id: number;
  icon: IconName;
  /** The thing it is about, shown in bold; may be empty. */
  subject: string;
  text: string;
  /** Undoes it; absent where there is nothing to undo. */
  undo?: () => Promise<void>;
}

export const TOAST_MILLISECONDS = 10_000;

export const toasts = $state<{ list: Toast[] }>({ list: [] });

let lastId = 0;
let lastUndo: (() => Promise<void>) | null = null;

export function say(toast: Omit<Toast, "id">): void {
  lastId += 1;
  const id = lastId;
  // Newer news of the same thing takes the place of what is no longer so.
  const kept = toasts.list.filter((other) => other.undo !== undefined || other.subject === "" || other.subject !== toast.subject).slice(-2);
  if (toast.undo) {
    const undo = toast.undo;
    lastUndo = undo;
    toasts.list = [...kept, { ...toast, id, undo: () => useUndo(undo, id) }];
  } else {
    toasts.list = [...kept, { ...toast, id }];
  }
}

export function dismiss(id: number): void {
  toasts.list = toasts.list.filter((toast) => toast.id !== id);
}

async function useUndo(undo: () => Promise<void>, id: number): Promise<void> {
  dismiss(id);
  if (lastUndo === undo) lastUndo = null;
  await undo();
}

/** Undoes the last thing that can be undone, also after its toast is gone. */
export async function undoLast(): Promise<boolean> {
  if (lastUndo === null) return false;
  const undo = lastUndo;
  const toast = toasts.list.findLast((candidate) => candidate.undo !== undefined);
  lastUndo = null;
  if (toast) dismiss(toast.id);
  await undo();
  return true;
}

/** Forgets everything that could be undone, e.g. when the file is locked. */
export function clearToasts(): void {
  toasts.list = [];
  lastUndo = null;
}
