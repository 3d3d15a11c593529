import { Alert, Button, Group, List, SegmentedControl, Stack, Text } from "@mantine/core";
import { TriangleAlert } from "lucide-react";
import { type SyntheticEvent, useState } from "react";
import type { components } from "@/client/schema";
import {
  candidateBody,
  fieldsOf,
  runningValues,
  sameCandidate,
  sortProblems,
  STORAGE_TYPES,
  type StorageType,
} from "../candidate";
import { type Candidate, useConnectionTest } from "../api/test-connection";
import { CandidateField } from "./candidate-field";
import classes from "./candidate-form.module.css";
import { TestSteps } from "./test-steps";

interface Props {
  variables: readonly components["schemas"]["VariableJson"][];
  running: StorageType;
  /** Is given the values that have passed the test, and no others. */
  onApply: (tested: Candidate) => void;
}

/** Tries a configuration that is not in use. Nothing is written before it is applied. */
export function CandidateForm({ variables, running, onApply }: Props) {
  const [type, setType] = useState<StorageType>(running);
  const [values, setValues] = useState(() => runningValues(variables));
  const [tested, setTested] = useState<Candidate | null>(null);
  const { trial, start, reset } = useConnectionTest();
  const fields = fieldsOf(type, variables);
  const refused = (trial.error?.problems.length ?? 0) > 0;
  const { byField, others } = sortProblems(trial.error?.problems ?? [], fields);
  const candidate = candidateBody(type, fields, values);
  const done = trial.state === "done" && tested !== null;
  const same = done && sameCandidate(tested, candidate);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTested(candidate);
    start(candidate);
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
        {done && <NextStep passed={trial.ok === true} same={same} />}
        <Group>
          {same && trial.ok && <Button onClick={() => onApply(tested)}>Review and apply</Button>}
          <Button type="submit" variant="default" loading={trial.state === "running"}>
            Test this configuration
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** What has to happen before it can be applied. */
function NextStep({ passed, same }: { passed: boolean; same: boolean }) {
  if (!same) return <Text c="dimmed">The values have changed since this test. Test them to apply them.</Text>;
  if (!passed) return <Text c="dimmed">Only a configuration that passes the test can be applied.</Text>;
  return null;
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
