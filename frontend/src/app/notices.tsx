import { Notifications } from "@mantine/notifications";

/** Where short messages appear. Loaded after the page: what is said before that is kept until it is there. */
export default function Notices() {
  return <Notifications position="bottom-center" containerWidth={380} autoClose={4000} limit={3} />;
}
