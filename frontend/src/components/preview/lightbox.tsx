import { ActionIcon, Group, Modal, Text } from "@mantine/core";
import { ChevronLeft, ChevronRight, type LucideIcon, Minus, Plus, Shrink } from "lucide-react";
import { useRef, useState } from "react";
import classes from "./lightbox.module.css";
import { useZoom } from "./use-zoom";

export interface Picture {
  id: string;
  name: string;
  source: string;
  /** The dominant colour, shown while the image loads. */
  colour: string | null;
}

interface Props {
  /** All images that can be stepped through, in order. */
  pictures: readonly Picture[];
  current: string;
  onShow: (id: string) => void;
  onClose: () => void;
}

/** An image in the whole window, with buttons for the previous and next one. */
export default function Lightbox({ pictures, current, onShow, onClose }: Props) {
  const place = pictures.findIndex((picture) => picture.id === current);
  const picture = pictures[place];
  if (!picture) return null;
  const step = (by: 1 | -1) => {
    const next = pictures[place + by];
    if (next) onShow(next.id);
  };
  return (
    <Modal
      opened
      fullScreen
      onClose={onClose}
      title={picture.name}
      padding={0}
      transitionProps={{ duration: 0 }}
      classNames={{ header: classes.header, title: classes.title, body: classes.body, content: classes.content }}
      onKeyDown={(event) => {
        const by = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : null;
        if (by) step(by);
      }}
    >
      {/* each image starts unzoomed */}
      <Stage
        key={picture.id}
        picture={picture}
        place={`${place + 1} of ${pictures.length}`}
        onPrevious={place > 0 ? () => step(-1) : null}
        onNext={place < pictures.length - 1 ? () => step(1) : null}
      />
    </Modal>
  );
}

interface StageProps {
  picture: Picture;
  place: string;
  onPrevious: (() => void) | null;
  onNext: (() => void) | null;
}

function Stage({ picture, place, onPrevious, onNext }: StageProps) {
  const stage = useRef<HTMLDivElement>(null);
  const image = useRef<HTMLImageElement>(null);
  const [broken, setBroken] = useState(false);
  const { zoom, handlers, step, reset } = useZoom(stage, image);
  return (
    <>
      <div
        ref={stage}
        className={classes.stage}
        data-zoomed={zoom.scale > 1 || undefined}
        tabIndex={0}
        role="group"
        aria-label="Image: plus and minus zoom, arrow keys show the previous and next image"
        data-autofocus
        onKeyDown={(event) => {
          if (event.key === "+" || event.key === "=") step(1);
          else if (event.key === "-") step(-1);
          else if (event.key === "0") reset();
        }}
        {...handlers}
      >
        {broken ? (
          <Text c="dimmed">Your browser cannot show this image.</Text>
        ) : (
          <img
            ref={image}
            src={picture.source}
            alt={picture.name}
            draggable={false}
            style={{
              transform: `translate(${zoom.x}px, ${zoom.y}px) scale(${zoom.scale})`,
              backgroundColor: picture.colour ?? undefined,
            }}
            onLoad={({ currentTarget }) => currentTarget.style.removeProperty("background-color")}
            onError={() => setBroken(true)}
          />
        )}
      </div>
      <Group className={classes.bar} gap={4} wrap="nowrap">
        <BarButton icon={ChevronLeft} label="Previous image" onPress={onPrevious} />
        <Text size="sm" className={classes.place} aria-live="polite">
          {place}
        </Text>
        <BarButton icon={ChevronRight} label="Next image" onPress={onNext} />
        <span className={classes.gap} />
        <BarButton icon={Minus} label="Zoom out" onPress={zoom.scale > 1 ? () => step(-1) : null} />
        <Text size="sm" className={classes.place}>
          {Math.round(zoom.scale * 100)} %
        </Text>
        <BarButton icon={Plus} label="Zoom in" onPress={() => step(1)} />
        <BarButton icon={Shrink} label="Fit to window" onPress={zoom.scale > 1 ? reset : null} />
      </Group>
    </>
  );
}

function BarButton({ icon: Icon, label, onPress }: { icon: LucideIcon; label: string; onPress: (() => void) | null }) {
  return (
    <ActionIcon size={36} aria-label={label} title={label} disabled={!onPress} onClick={() => onPress?.()}>
      <Icon size={18} strokeWidth={1.75} />
    </ActionIcon>
  );
}
