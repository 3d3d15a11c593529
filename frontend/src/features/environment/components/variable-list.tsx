import { Button, Stack } from "@mantine/core";
import { SearchX } from "lucide-react";
import { EmptyNote } from "@/components/ui/empty-note";
import { Section } from "@/components/ui/section";
import type { Category, Environment } from "../api/list-variables";
import { type DraftEvent, type Drafts, lockOf } from "../drafts";
import { anchorOf, filterCategories, titleOf, type VariableFilter } from "../filter";
import { CategoryNav } from "./category-nav";
import classes from "./variable-list.module.css";
import { VariableRow } from "./variable-row";

interface Props {
  environment: Environment;
  filter: VariableFilter;
  drafts: Drafts;
  onDraft: (event: DraftEvent) => void;
  onShowAll: () => void;
}

/** Categories at the left, their variables at the right. */
export function VariableList({ environment, filter, drafts, onDraft, onShowAll }: Props) {
  const shown = filterCategories(environment.categories, filter);
  if (shown.length === 0) {
    const action = (
      <Button variant="default" onClick={onShowAll}>
        Show all variables
      </Button>
    );
    return (
      <EmptyNote icon={SearchX} action={action}>
        {filter.q ? `No variable matches “${filter.q}”.` : "Nothing is set: all variables have their default values."}
      </EmptyNote>
    );
  }
  return (
    <div className={classes.columns}>
      <CategoryNav categories={shown} />
      <Stack gap="md" miw={0}>
        {shown.map((category) => (
          <CategorySection
            key={category.id}
            category={category}
            files={environment.files}
            drafts={drafts}
            onDraft={onDraft}
          />
        ))}
      </Stack>
    </div>
  );
}

interface SectionProps {
  category: Category;
  files: Environment["files"];
  drafts: Drafts;
  onDraft: (event: DraftEvent) => void;
}

function CategorySection({ category, files, drafts, onDraft }: SectionProps) {
  return (
    <div id={anchorOf(category.id)} className={classes.anchor}>
      <Section title={titleOf(category.name)}>
        <ul className={classes.list}>
          {category.variables.map((variable) => (
            <VariableRow
              key={variable.name}
              variable={variable}
              draft={drafts.values[variable.name]}
              draftProblem={drafts.problems[variable.name]}
              lock={lockOf(variable, files)}
              onEdit={(value) => onDraft({ type: "edit", name: variable.name, value, files })}
              onDrop={() => onDraft({ type: "drop", names: [variable.name] })}
            />
          ))}
        </ul>
      </Section>
    </div>
  );
}
