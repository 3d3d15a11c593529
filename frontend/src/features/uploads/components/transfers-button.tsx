import { ActionIcon, Indicator, Tooltip } from "@mantine/core";
import { ArrowUpDown } from "lucide-react";
import { panelState, usePanelShown } from "../panel-state";
import { summarise } from "../summary";
import { useUploads } from "../use-uploads";

/** Shows and hides the panel; its badge counts what is running, or what failed. */
export function TransfersButton() {
  const { active, failed } = summarise(useUploads());
  const shown = usePanelShown();
  const count = active || failed;
  const label = active > 0 ? `Transfers, ${active} running` : failed > 0 ? `Transfers, ${failed} failed` : "Transfers";
  return (
    <Tooltip label="Transfers">
      <Indicator
        label={count > 99 ? "99+" : count}
        disabled={count === 0}
        size={16}
        offset={5}
        color={active > 0 ? "indigo" : "red.9"}
        styles={{ indicator: { fontSize: 10, paddingInline: 4 } }}
      >
        <ActionIcon size={36} aria-label={label} aria-expanded={shown} onClick={() => panelState.show(!shown)}>
          <ArrowUpDown size={18} strokeWidth={1.75} />
        </ActionIcon>
      </Indicator>
    </Tooltip>
  );
}
