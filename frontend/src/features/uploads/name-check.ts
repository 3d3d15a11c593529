import type { Occupied } from "./api/look-up";
import { type Clash, clashWith, freeNames } from "./clashes";
import { type Order, placeOf } from "./order";
import { hasDigest } from "./same-content";
import { isActive, type Upload } from "./upload";

/** What was found out about the name of an upload. */
export type Finding =
  | { is: "free"; path: string }
  | { is: "taken"; clash: Clash }
  /** The folder is there, or the file was stored before the connection broke. */
  | { is: "there" }
  | { is: "blocked" };

/** Asked for at once; the first uploads begin while the others are looked up. */
const CHECKED_AT_ONCE = 1000;

type OrderOf = (id: number) => Order | undefined;

export interface Checked {
  upload: Upload;
  order: Order;
}

/** The next ones, all for the same destination. */
export function nextToCheck(all: readonly Upload[], orderOf: OrderOf): Checked[] {
  const some: Checked[] = [];
  for (const upload of all) {
    const order = upload.state === "checking" ? orderOf(upload.id) : undefined;
    const first = some[0]?.order ?? order;
    if (!order || order.destination.id !== first?.destination.id) continue;
    some.push({ upload, order });
    if (some.length === CHECKED_AT_ONCE) break;
  }
  return some;
}

/** Looks the names of some uploads up, all for one destination. `all` are those of the queue, with their orders. */
export async function checkNames(
  some: readonly Checked[],
  all: readonly Upload[],
  orderOf: OrderOf,
): Promise<Map<number, Finding>> {
  const lookUp = some[0]?.order.destination.lookUp;
  const findings = new Map<number, Finding>();
  if (!lookUp) return findings;
  const given = givenNames(all, orderOf);
  const asked = some.filter(({ order }) => !order.keepBoth);
  const found = await lookUp(asked.map(({ upload }) => upload.path));
  for (const { upload, order } of asked) {
    const first = given.get(placeOf(order, upload.path));
    findings.set(upload.id, await findingOf(upload, order, found.get(upload.path), first));
  }
  const kept = some.filter(({ order }) => order.keepBoth);
  const taken = new Set(Array.from(given.keys(), (place) => place.slice(place.indexOf("\n") + 1)));
  const names = await freeNames(
    kept.map(({ order }) => order.chosenPath),
    lookUp,
    taken,
  );
  kept.forEach(({ upload }, index) => findings.set(upload.id, { is: "free", path: names[index] ?? upload.path }));
  return findings;
}

async function findingOf(upload: Upload, order: Order, found?: Occupied, first?: Upload): Promise<Finding> {
  if (upload.kind === "folder") {
    if (!found) return { is: "free", path: upload.path };
    return { is: found.kind === "folder" ? "there" : "blocked" };
  }
  if (found && (await wasStored(order, found))) return { is: "there" };
  if (found) return { is: "taken", clash: clashWith(found, order.answered) };
  if (first && first.id !== upload.id)
    return { is: "taken", clash: { with: "upload", id: first.id, size: first.size } };
  return { is: "free", path: upload.path };
}

/** An upload whose answer was lost is not sent again if the same bytes are there. */
async function wasStored(order: Order, found: Occupied): Promise<boolean> {
  const file = order.source?.file;
  if (!order.mayBeStored || !file || found.sha256 === null || found.size !== file.size) return false;
  return hasDigest(file, found.sha256).catch(() => false);
}

/** Which upload has which place, while it is not stored: the first one that wants it. */
function givenNames(all: readonly Upload[], orderOf: OrderOf): Map<string, Upload> {
  const given = new Map<string, Upload>();
  for (const upload of all) {
    const order = isActive(upload) && upload.kind === "file" ? orderOf(upload.id) : undefined;
    const place = order && placeOf(order, upload.path);
    if (place !== undefined && !given.has(place)) given.set(place, upload);
  }
  return given;
}
