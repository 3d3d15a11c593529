/** Rows of a page, as the server returns them. */
export const PAGE_ROWS = 100;

const NUMBERS = /^(u?int|float|double|decimal|half|number|integer|bigint)/i;

/** Whether a column holds numbers, which are aligned to the right. */
export function isNumeric(type: string): boolean {
  return NUMBERS.test(type);
}

interface Page {
  page: number;
  rows: readonly unknown[];
  row_count: number | null;
  column_count: number;
  columns: readonly unknown[];
}

/** "Rows 101–200 of 1,234 · 12 columns". */
export function describeRows({ page, rows, row_count: count, column_count, columns }: Page): string {
  const number = (value: number) => value.toLocaleString("en");
  const first = (page - 1) * PAGE_ROWS + 1;
  const last = first + rows.length - 1;
  const of = count === null ? "" : ` of ${number(count)}`;
  const shown = rows.length === 0 ? "No rows" : `Rows ${number(first)}–${number(last)}${of}`;
  const wide = column_count === 1 ? "1 column" : `${number(column_count)} columns`;
  return `${shown} · ${columns.length < column_count ? `${number(columns.length)} of ${wide}` : wide}`;
}

/** "3.2 B", "110 M": how people speak of the size of a model. */
export function shortCount(count: number): string {
  const unit = UNITS.find(([, size]) => count >= size);
  if (!unit) return String(count);
  const value = count / unit[1];
  return `${value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0)} ${unit[0]}`;
}

const UNITS = [
  ["T", 1e12],
  ["B", 1e9],
  ["M", 1e6],
  ["K", 1e3],
] as const;
