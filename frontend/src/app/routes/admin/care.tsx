import { Button, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";
import { DamageSection } from "@/features/care/components/damage-section";
import { GarbageSection } from "@/features/care/components/garbage-section";
import { ScrubForm } from "@/features/care/components/scrub-form";
import { ScrubList } from "@/features/care/components/scrub-list";
import { locationsQuery } from "@/features/storage/api/list-locations";
import { ADMINISTRATION, PageCrumbs } from "@/app/page-crumbs";

export function AdminMaintenancePage() {
  const locations = useQuery(locationsQuery).data ?? [];
  const labelOf = (id: string) => locations.find((location) => location.id === id)?.label ?? id;
  return (
    <Stack gap="lg" maw={1120}>
      <PageCrumbs trail={[ADMINISTRATION, { label: "Maintenance" }]} />
      <PageHeader
        title="Maintenance"
        description="Check that stored files are intact, and delete what is no longer used."
        action={
          <Button variant="default" renderRoot={(props) => <Link to="/admin/jobs" {...props} />}>
            Show jobs
          </Button>
        }
      />
      <Section
        title="Integrity checks"
        description="Reads files back and compares them with what was uploaded. Checks keep running when you close this page."
      >
        <Stack gap="md">
          <ScrubForm places={locations.filter(({ state }) => state !== "retired")} />
          <ScrubList labelOf={labelOf} />
        </Stack>
      </Section>
      <DamageSection labelOf={labelOf} />
      <GarbageSection />
    </Stack>
  );
}
