import { Checkbox, NativeSelect, NumberInput, SimpleGrid, Stack, TextInput } from "@mantine/core";
import type { ComponentType } from "react";
import { PasswordField } from "@/components/ui/password-field";
import { EXPIRIES, limitProblem, type LinkOptions } from "../options";

/** A field for the name of one user; who there is, is known elsewhere. */
export type PersonField = ComponentType<{
  label: string;
  placeholder: string;
  value: string;
  onChange: (username: string) => void;
}>;

interface Props {
  options: LinkOptions;
  /** Uploads are counted instead of downloads, and there is no content yet. */
  request: boolean;
  file: boolean;
  PersonField: PersonField;
  onChange: (change: Partial<LinkOptions>) => void;
}

export function LinkOptionFields({ options, request, file, PersonField, onChange }: Props) {
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md" verticalSpacing="md">
        <NativeSelect
          label="Expires after"
          data={EXPIRIES.map(({ value, label }) => ({ value, label }))}
          value={options.expiry}
          onChange={(event) => onChange({ expiry: event.currentTarget.value })}
        />
        <NumberInput
          label={request ? "Upload limit" : "Download limit"}
          placeholder="No limit"
          min={1}
          allowDecimal={false}
          allowNegative={false}
          hideControls
          value={options.maxUses}
          error={limitProblem(options.maxUses)}
          onChange={(value) => onChange({ maxUses: String(value) })}
        />
        <PasswordField
          label="Password"
          placeholder="None"
          required={false}
          autoComplete="new-password"
          value={options.password}
          onChange={(password) => onChange({ password })}
        />
        <PersonField
          label="Only for"
          placeholder="Anyone with the link"
          value={options.username}
          onChange={(username) => onChange({ username })}
        />
      </SimpleGrid>
      <TextInput
        label="Note"
        placeholder={request ? "What you need" : "Shown to anyone who opens the link"}
        maxLength={1000}
        value={options.note}
        onChange={(event) => onChange({ note: event.currentTarget.value })}
      />
      {file && (
        <Checkbox
          label="This version only: the link ends when the file is replaced"
          checked={options.frozen}
          onChange={(event) => onChange({ frozen: event.currentTarget.checked })}
        />
      )}
    </Stack>
  );
}
