import { type ReactNode, useState } from 'react';
import { safeImageUrl } from '../text/safe-url.js';
import { useDirectory } from './host.js';

interface ImageLike {
  alt_text: string;
  image_url?: string;
  slack_file?: { url?: string; id?: string };
}

/** An image by address or by uploaded file; one that cannot be shown leaves its words. */
export function ImageView({
  image,
  className,
}: {
  image: ImageLike | { alt_text: string };
  className: string;
}): ReactNode {
  const directory = useDirectory();
  const [broken, setBroken] = useState(false);
  const source = sourceOf(image, directory.fileUrl);
  if (source === undefined || broken) {
    return (
      <span
        className={`${className} image-missing`}
        role="img"
        aria-label={image.alt_text}
        title={image.alt_text}
      >
        {image.alt_text}
      </span>
    );
  }
  return (
    <img
      className={className}
      src={source}
      alt={image.alt_text}
      loading="lazy"
      referrerPolicy="no-referrer"
      onError={() => setBroken(true)}
    />
  );
}

function sourceOf(image: ImageLike, fileUrl: (id: string) => string | undefined): string | undefined {
  if (image.slack_file?.id !== undefined) return fileUrl(image.slack_file.id);
  const fromUrl = image.slack_file?.url;
  const id = fromUrl === undefined ? undefined : /\b(F[A-Z0-9]{6,})\b/.exec(fromUrl)?.[1];
  return (id === undefined ? undefined : fileUrl(id)) ?? safeImageUrl(fromUrl ?? image.image_url);
}
