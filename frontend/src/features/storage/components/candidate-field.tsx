import { NativeSelect, Switch, TextInput } from "@mantine/core";
import type { components } from "@/client/schema";
import { PasswordField } from "@/components/ui/password-field";

type Variable = components["schemas"]["VariableJson"];

interface Props {
  variable: Variable;
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
}

/** One variable as a field, in the shape that its type asks for. */
export function CandidateField({ variable, value, error, onChange }: Props) {
  const { name, help, choices } = variable;
  if (variable.secret) {
    return (
      <PasswordField
        label={name}
        description={variable.set ? `${help} Leave empty to use the current one.` : help}
        placeholder={variable.set ? variable.value : ""}
        autoComplete="off"
        required={false}
        error={error}
        value={value}
        onChange={onChange}
      />
    );
  }
  if (variable.kind === "boolean") {
    return (
      <Switch
        label={name}
        description={help}
        error={error}
        checked={value === "true"}
        onChange={(event) => onChange(String(event.currentTarget.checked))}
      />
    );
  }
  const common = { label: name, description: help, error, value };
  if (choices.length > 0) {
    return <NativeSelect {...common} data={choices} onChange={(event) => onChange(event.currentTarget.value)} />;
  }
  return (
    <TextInput
      {...common}
      placeholder={variable.default || variable.default_note}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
