import { PasswordInput } from "@mantine/core";

interface Props {
  label: string;
  description?: string;
  autoComplete: "current-password" | "new-password" | "off";
  placeholder?: string;
  required?: boolean;
  error?: string | null | undefined;
  value: string;
  onChange: (value: string) => void;
}

/** A password field whose "show" button can be reached by keyboard. */
export function PasswordField({ label, description, required = true, error, onChange, ...input }: Props) {
  return (
    <PasswordInput
      {...input}
      label={label}
      description={description}
      required={required}
      withAsterisk={false}
      error={error ?? undefined}
      visibilityToggleButtonProps={{ "aria-label": `Show ${label.toLowerCase()}`, tabIndex: 0, "aria-hidden": false }}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
