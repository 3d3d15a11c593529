import { Alert, Button, Group, List, SegmentedControl, Stack } from "@mantine/core";
import { TriangleAlert } from "lucide-react";
import { type SyntheticEvent, useState } from "react";
import type { components } from "@/client/schema";
import { candidateBody, fieldsOf, runningValues, sortProblems, STORAGE_TYPES, type StorageType } from "../candidate";
import { useConnectionTest } from "../api/test-connection";
import { CandidateField } from "./candidate-field";
import classes from "./candidate-form.module.css";
import { TestSteps } from "./test-steps";

interface Props {
  variables: readonly components["schemas"]["VariableJson"][];
  running: StorageType;
}

/** Tries a configuration that is not in use. Nothing is written anywhere. */
export function CandidateForm({ variables, running }: Props) {
  const [type, setType] = useState<StorageType>(running);
  const [values, setValues] = useState(() => runningValues(variables));
  const { trial, start, reset } = useConnectionTest();
  const fields = fieldsOf(type, variables);
  const refused = (trial.error?.problems.length ?? 0) > 0;
  const { byField, others } = sortProblems(trial.error?.problems ?? [], fields);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    start(candidateBody(type, fields, values));
  };
  const choose = (chosen: StorageType) => {
    setType(chosen);
    reset();
  };
  return (
    <form onSubmit={submit} aria-label="Test another configuration" noValidate>
      <Stack gap="md">
        <SegmentedControl
          aria-label="Storage type"
          className={classes.types}
          value={type}
          onChange={choose}
          data={STORAGE_TYPES.map(({ value, label }) => ({ value, label }))}
        />
        <div className={classes.fields}>
          {fields.map((variable) => (
            <CandidateField
              key={variable.name}
              variable={variable}
              value={values[variable.name] ?? ""}
              error={byField[variable.name]}
              onChange={(value) => setValues({ ...values, [variable.name]: value })}
            />
          ))}
        </div>
        {refused && <Refusal others={others} />}
        {!refused && <TestSteps trial={trial} />}
        <Group>
          <Button type="submit" variant="default" loading={trial.state === "running"}>
            Test this configuration
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Refusal({ others }: { others: readonly string[] }) {
  return (
    <Alert
      role="alert"
      color="red"
      icon={<TriangleAlert size={18} strokeWidth={1.75} />}
      title={others.length > 0 ? "Not tested: correct this first" : "Not tested: correct the marked fields first"}
    >
      {others.length > 0 && (
        <List>
          {others.map((text) => (
            <List.Item key={text}>{text}</List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}
