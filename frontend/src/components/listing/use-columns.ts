import { useElementSize } from "@mantine/hooks";

const CARD_MIN_PX = 168;
export const CARD_GAP_PX = 12;

/** The number of cards per row; `ref` measures their container. */
export function useColumns() {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const columns = Math.max(2, Math.floor((width + CARD_GAP_PX) / (CARD_MIN_PX + CARD_GAP_PX)));
  return { ref, columns: width === 0 ? 0 : columns };
}
