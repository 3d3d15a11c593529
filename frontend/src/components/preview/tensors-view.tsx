import { Stack, Text, Title } from "@mantine/core";
import type { components } from "@/client/schema";
import { type Fact, Facts } from "@/components/ui/facts";
import { formatCount } from "@/lib/format";
import { Pager } from "./pager";
import { shortCount } from "./table";
import classes from "./table-view.module.css";

type Tensors = components["schemas"]["TensorsPreviewJson"];

interface Props {
  tensors: Tensors;
  name: string;
  busy: boolean;
  onPage: (page: number) => void;
}

const FORMATS: Record<string, string> = { safetensors: "Safetensors", gguf: "GGUF" };

/** The header of a model file: its size, its metadata and its tensors. */
export default function TensorsView({ tensors: model, name, busy, onPage }: Props) {
  const { metadata, tensors, count, parameters, page } = model;
  const first = (page - 1) * PAGE_TENSORS + 1;
  const entries = Object.entries(metadata);
  const facts: Fact[] = [
    { label: "Format", value: FORMATS[model.format] ?? model.format },
    ...(parameters === null
      ? []
      : [
          {
            label: "Parameters",
            value: parameters < 1000 ? parameters : `${shortCount(parameters)} (${formatCount(parameters)})`,
          },
        ]),
    { label: "Types", value: [...new Set(tensors.map(({ dtype }) => dtype))].join(", ") || "none" },
  ];
  return (
    <Stack gap="md">
      <Facts facts={facts} />
      <Stack gap={6}>
        <div className={classes.box} tabIndex={0} role="region" aria-label={`Tensors of ${name}`} aria-busy={busy}>
          <table>
            <thead>
              <tr>
                <th scope="col">Tensor</th>
                <th scope="col">Type</th>
                <th scope="col" data-numeric>
                  Shape
                </th>
              </tr>
            </thead>
            <tbody>
              {tensors.map(({ name: tensor, dtype, shape }, index) => (
                <tr key={index}>
                  <td className={classes.wrapped}>{tensor}</td>
                  <td>{dtype}</td>
                  <td data-numeric>{shape.length > 0 ? shape.map(formatCount).join(" × ") : "scalar"}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <Pager what="tensors" page={page} pages={model.pages} more={model.more} onPage={onPage}>
          {tensors.length === 0
            ? "No tensors"
            : `Tensors ${formatCount(first)}–${formatCount(first + tensors.length - 1)} of ${formatCount(count)}`}
          {model.truncated && " · some metadata is left out or shortened"}
        </Pager>
      </Stack>
      {entries.length > 0 && (
        <Stack gap={4}>
          <Title order={3} size="h5">
            Metadata
          </Title>
          <Facts facts={entries.map(([label, value]) => ({ label, value, code: true }))} />
        </Stack>
      )}
      {entries.length === 0 && (
        <Text size="xs" c="dimmed">
          This file has no metadata.
        </Text>
      )}
    </Stack>
  );
}

/** The page size of the server. */
const PAGE_TENSORS = 1000;
