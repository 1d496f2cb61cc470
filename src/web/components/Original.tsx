/** What a program said in English, beside its translation: for those who help. */
export function Original({ text }: { text: string | undefined }) {
  if (text === undefined || text === "") return null;
  return (
    <p className="quiet" lang="en" dir="ltr">
      {text}
    </p>
  );
}
