import { Alert, List } from "@mantine/core";
import { TriangleAlert } from "lucide-react";
import { MarkedText } from "@/components/ui/marked-text";
import type { Environment } from "../api/list-variables";

/** What is wrong in the files and belongs to no variable, such as a line that cannot be read. */
export function FileProblems({ problems }: { problems: Environment["problems"] }) {
  if (problems.length === 0) return null;
  return (
    <Alert color="red" icon={<TriangleAlert size={18} strokeWidth={1.75} />} title="The settings files contain errors">
      <List listStyleType="none" spacing={4}>
        {problems.map(({ message }) => (
          <List.Item key={message} style={{ overflowWrap: "anywhere" }}>
            <MarkedText>{message}</MarkedText>
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
