import { Kbd, Modal, Table, Text } from "@mantine/core";

const KEYS: readonly (readonly [readonly string[], string])[] = [
  [["↑", "↓", "←", "→"], "Move between files"],
  [["Shift", "↑"], "Select a range"],
  [["Ctrl", "A"], "Select all loaded files and folders"],
  [["Enter"], "Open the folder or file"],
  [["Space"], "Preview"],
  [["Backspace"], "Go to the parent folder"],
  [["F2"], "Rename"],
  [["Del"], "Delete"],
  [["Esc"], "Clear the selection, or close what is open"],
  [["/"], "Search all files (also Ctrl + K)"],
  [["?"], "Show keyboard shortcuts"],
];

export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="Keyboard shortcuts" styles={{ title: { fontWeight: 600 } }}>
      <Table aria-label="Keyboard shortcuts" verticalSpacing={6}>
        <Table.Tbody>
          {KEYS.map(([keys, meaning]) => (
            <Table.Tr key={meaning}>
              <Table.Th scope="row" fw={400} w={150}>
                {keys.map((key, index) => (
                  <span key={key}>
                    {index > 0 && (key.length === 1 && keys[0]?.length === 1 ? " " : " + ")}
                    <Kbd>{key}</Kbd>
                  </span>
                ))}
              </Table.Th>
              <Table.Td>
                <Text>{meaning}</Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
