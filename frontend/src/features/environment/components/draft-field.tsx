import { NativeSelect, PasswordInput, TextInput } from "@mantine/core";
import { MarkedText } from "@/components/ui/marked-text";
import type { Variable } from "../api/list-variables";

interface Props {
  variable: Variable;
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
}

/** The field for a new value. A secret is never filled in: what is typed replaces the one in use. */
export function DraftField({ variable, value, error, onChange }: Props) {
  const common = {
    "aria-label": `New value of ${variable.name}`,
    error: error && <MarkedText>{error}</MarkedText>,
    value,
    autoFocus: true,
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
  };
  if (variable.secret) {
    const placeholder = variable.set ? "Set. Type a new value to replace it" : "Not set";
    return <PasswordInput {...common} placeholder={placeholder} autoComplete="new-password" />;
  }
  const choices = variable.kind === "boolean" ? ["true", "false"] : variable.choices;
  if (choices.length > 0) {
    // a value that runs and is none of the choices, such as no value at all, stays what it is
    return <NativeSelect {...common} data={choices.includes(value) ? choices : [value, ...choices]} />;
  }
  return (
    <TextInput
      {...common}
      placeholder={variable.default || variable.default_note}
      rightSection={variable.unit ? <span aria-hidden>{variable.unit}</span> : undefined}
      rightSectionWidth={variable.unit ? 72 : undefined}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
    />
  );
}
