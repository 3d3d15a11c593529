import { useElementSize } from "@mantine/hooks";

const CARD_MIN_PX = 168;
export const CARD_GAP_PX = 12;

/** How many cards fit beside each other; `ref` measures the box they stand in. */
export function useColumns() {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const columns = Math.max(2, Math.floor((width + CARD_GAP_PX) / (CARD_MIN_PX + CARD_GAP_PX)));
  return { ref, columns: width === 0 ? 0 : columns };
}
