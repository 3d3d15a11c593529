import {
  ActionIcon,
  Alert,
  Badge,
  type CSSVariablesResolver,
  createTheme,
  Menu,
  Notification,
  Tooltip,
} from "@mantine/core";

const SYSTEM_FONT =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif, "Apple Color Emoji"';
const MONOSPACE = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace';

export const theme = createTheme({
  primaryColor: "indigo",
  // shade 8 carries white text with contrast AA in both schemes
  primaryShade: 8,
  autoContrast: true,
  fontFamily: SYSTEM_FONT,
  fontFamilyMonospace: MONOSPACE,
  fontSizes: { xs: "0.75rem", sm: "0.875rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  headings: { fontWeight: "600", sizes: { h1: { fontSize: "1.25rem", lineHeight: "1.75rem" } } },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: "subtle", color: "gray", size: 32 } }),
    // the title in the accent colour misses contrast AA; icon and background carry the colour
    Alert: Alert.extend({ styles: { title: { color: "var(--mantine-color-text)" } } }),
    Badge: Badge.extend({ defaultProps: { tt: "none", fw: 500, radius: "sm", variant: "light" } }),
    // inside its landmark, and with nothing but items: what a screen reader expects of a menu
    Menu: Menu.extend({ defaultProps: { withinPortal: false, withInitialFocusPlaceholder: false } }),
    // by name alone: importing them would put them into the first load, and nothing of it opens one
    // its title bar is a <header>, which outside of a section would be a second banner of the page
    Modal: {
      defaultProps: {
        closeButtonProps: { "aria-label": "Close" },
        centered: true,
        attributes: { header: { role: "presentation" } },
      },
    },
    Drawer: { defaultProps: { closeButtonProps: { "aria-label": "Close" } } },
    Notification: Notification.extend({
      defaultProps: { closeButtonProps: { "aria-label": "Close" } },
      styles: { description: { color: "var(--mantine-color-dimmed)", overflowWrap: "anywhere" } },
    }),
    // inside its landmark, as the menu
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 400, withinPortal: false } }),
  },
});

/** Mantine's own dimmed and placeholder greys miss contrast AA. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "var(--mantine-color-gray-7)",
    "--mantine-color-placeholder": "var(--mantine-color-gray-7)",
    "--mantine-color-error": "var(--mantine-color-red-9)",
    "--app-sidebar": "var(--mantine-color-gray-0)",
    "--app-border": "var(--mantine-color-gray-3)",
    "--app-hover": "var(--mantine-color-gray-0)",
    "--app-accent": "var(--mantine-color-indigo-8)",
    "--app-accent-soft": "var(--mantine-color-indigo-0)",
    "--app-success": "var(--mantine-color-green-9)",
  },
  dark: {
    "--mantine-color-dimmed": "var(--mantine-color-dark-1)",
    "--mantine-color-placeholder": "var(--mantine-color-dark-1)",
    "--mantine-color-error": "var(--mantine-color-red-4)",
    "--app-sidebar": "var(--mantine-color-dark-8)",
    "--app-border": "var(--mantine-color-dark-5)",
    "--app-hover": "var(--mantine-color-dark-6)",
    "--app-accent": "var(--mantine-color-indigo-3)",
    "--app-accent-soft": "rgba(92, 124, 250, 0.16)",
    "--app-success": "var(--mantine-color-green-4)",
    // soft fills lighter than the page, not near-black
    "--mantine-color-gray-light": "rgba(173, 181, 189, 0.14)",
    "--mantine-color-gray-light-hover": "rgba(173, 181, 189, 0.2)",
    "--mantine-color-gray-light-color": "var(--mantine-color-gray-3)",
    "--mantine-color-red-light": "rgba(250, 82, 82, 0.16)",
    "--mantine-color-red-light-color": "var(--mantine-color-red-3)",
    "--mantine-color-yellow-light": "rgba(250, 176, 5, 0.14)",
    "--mantine-color-yellow-light-color": "var(--mantine-color-yellow-4)",
    "--mantine-color-indigo-light": "rgba(116, 143, 252, 0.22)",
    "--mantine-color-indigo-light-hover": "rgba(116, 143, 252, 0.28)",
    "--mantine-color-indigo-light-color": "var(--mantine-color-indigo-1)",
  },
});
