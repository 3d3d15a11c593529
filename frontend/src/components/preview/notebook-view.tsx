import { Stack, Text } from "@mantine/core";
import type { components } from "@/client/schema";
import { CodeView } from "./code-view";
import MarkdownView from "./markdown-view";
import classes from "./notebook-view.module.css";

type Notebook = components["schemas"]["NotebookPreviewJson"];
type Cell = components["schemas"]["NotebookCellJson"];
type Output = components["schemas"]["NotebookOutputJson"];

/** The cells of a Jupyter notebook. HTML and scripts are never rendered; images are plain images. */
export default function NotebookView({ notebook, name }: { notebook: Notebook; name: string }) {
  const { cells, language, count, truncated } = notebook;
  return (
    <Stack gap={6}>
      <div className={classes.notebook} role="region" aria-label={`Notebook ${name}`} tabIndex={0}>
        {cells.map((cell, index) => (
          <CellView key={index} cell={cell} language={language} place={index + 1} />
        ))}
        {count === 0 && <Text c="dimmed">This notebook has no cells.</Text>}
      </div>
      {truncated && (
        <Text size="xs" c="dimmed">
          Parts of this notebook are not shown. Download the file to see everything.
        </Text>
      )}
    </Stack>
  );
}

function CellView({ cell, language, place }: { cell: Cell; language: string | null; place: number }) {
  const { type, text, number, outputs } = cell;
  if (type === "markdown") return <MarkdownView text={text} label={`Cell ${place}`} />;
  return (
    <section aria-label={`Cell ${place}`}>
      {type === "code" && (
        <Text size="xs" c="dimmed" ff="monospace">
          [{number ?? " "}]
        </Text>
      )}
      {text !== "" && (
        <CodeView text={text} language={type === "code" ? language : null} label={`Code in cell ${place}`} />
      )}
      {outputs.map((output, index) => (
        <OutputView key={index} output={output} label={`Output of cell ${place}`} />
      ))}
    </section>
  );
}

function OutputView({ output, label }: { output: Output; label: string }) {
  const { media_type: type, text, data } = output;
  if (data !== null) return <img className={classes.picture} src={`data:${type};base64,${data}`} alt={label} />;
  if (text === null) {
    return (
      <Text size="sm" c="dimmed" mt={6}>
        {type === "text/html" ? "HTML" : type} output is not shown here.
      </Text>
    );
  }
  if (type === "text/markdown") return <MarkdownView text={text} label={label} />;
  return text === "" ? null : <CodeView text={text} language={null} label={label} />;
}
