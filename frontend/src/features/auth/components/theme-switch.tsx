import {
  Center,
  type MantineColorScheme,
  SegmentedControl,
  useMantineColorScheme,
  VisuallyHidden,
} from "@mantine/core";
import { type LucideIcon, Monitor, Moon, Sun } from "lucide-react";

const SCHEMES: readonly { value: MantineColorScheme; label: string; icon: LucideIcon }[] = [
  { value: "light", label: "Light", icon: Sun },
  { value: "dark", label: "Dark", icon: Moon },
  { value: "auto", label: "System", icon: Monitor },
];

interface Props {
  fullWidth?: boolean;
  /** With labels beside the icons, if there is room. */
  labelled?: boolean;
}

export function ThemeSwitch({ fullWidth = false, labelled = false }: Props) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const data = SCHEMES.map(({ value, label, icon: Icon }) => ({
    value,
    label: (
      <Center h={20} title={label} style={{ gap: 8 }}>
        <Icon size={16} strokeWidth={1.75} aria-hidden />
        {labelled ? label : <VisuallyHidden>{label}</VisuallyHidden>}
      </Center>
    ),
  }));
  return (
    <SegmentedControl
      aria-label="Theme"
      size="xs"
      withItemsBorders={false}
      fullWidth={fullWidth}
      value={colorScheme}
      onChange={(value) => setColorScheme(value)}
      data={data}
    />
  );
}
