/** Begins the key of everything that is known about files and folders; other features say by it that a row has changed. */
export const filesKey = ["files"] as const;
