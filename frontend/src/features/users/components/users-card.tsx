import { useQuery } from "@tanstack/react-query";
import { Users } from "lucide-react";
import { StatCard } from "@/components/ui/stat-card";
import { formatCount, formatQuantity } from "@/lib/format";
import { usersQuery } from "../api/list-users";

export function UsersCard({ to }: { to: string }) {
  const query = useQuery(usersQuery);
  const people = query.data;
  const enabled = people?.filter(({ disabled }) => !disabled) ?? [];
  const superusers = enabled.filter(({ superuser }) => superuser).length;
  const disabled = (people?.length ?? 0) - enabled.length;
  return (
    <StatCard
      title="Users"
      icon={Users}
      to={to}
      linkLabel="Users"
      query={query}
      value={people ? formatCount(enabled.length) : null}
      detail={[formatQuantity(superusers, "administrator"), disabled > 0 && `${formatCount(disabled)} disabled`]
        .filter(Boolean)
        .join(", ")}
    />
  );
}
