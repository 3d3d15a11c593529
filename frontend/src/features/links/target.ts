/** What a link leads to: a file, or a folder with all in it. */
export type LinkTarget =
  | { readonly type: "file"; readonly id: string; readonly name: string }
  | { readonly type: "folder"; readonly path: string; readonly name: string };
