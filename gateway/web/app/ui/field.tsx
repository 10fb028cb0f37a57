import type { ComponentChildren, JSX } from 'preact';
import './field.css';

type FieldProps = {
  label: string;
  /** Id of the control, which also names its hint. */
  id: string;
  /** What is wrong with it, or where its value is from. */
  hint?: ComponentChildren;
  isInvalid?: boolean | undefined;
  /** Whether the label stands above. */
  isWide?: boolean;
  children: (control: {
    id: string;
    'aria-describedby': string | undefined;
    'aria-invalid': boolean | undefined;
  }) => JSX.Element;
};

/** A labelled control with its hint. */
export function Field({ label, id, hint, isInvalid, isWide, children }: FieldProps) {
  const hintId = hint === undefined ? undefined : `${id}-hint`;
  return (
    <div class={isWide ? 'field wide' : 'field'}>
      <label for={id}>{label}</label>
      {children({ id, 'aria-describedby': hintId, 'aria-invalid': isInvalid || undefined })}
      {hint !== undefined && (
        <div class="hint" id={hintId}>
          {hint}
        </div>
      )}
    </div>
  );
}

type TextFieldProps = Omit<FieldProps, 'children'> & {
  value: string;
  onInput: (value: string) => void;
  input?: JSX.IntrinsicElements['input'];
};

/** A field of text. */
export function TextField({ value, onInput, input, ...field }: TextFieldProps) {
  return (
    <Field {...field}>
      {(control) => (
        <input {...control} {...input} value={value} onInput={(event) => onInput(event.currentTarget.value)} />
      )}
    </Field>
  );
}

type SelectFieldProps<Value extends string> = Omit<FieldProps, 'children'> & {
  options: readonly { value: Value; text: string }[];
  /** What is chosen; none of the options: `unchosen` is shown in its place. */
  value: Value | '';
  unchosen?: string;
  onChange: (value: Value) => void;
};

/** A field of one choice among several. */
export function SelectField<Value extends string>({
  options,
  value,
  unchosen,
  onChange,
  ...field
}: SelectFieldProps<Value>) {
  return (
    <Field {...field}>
      {(control) => (
        <select {...control} value={value} onChange={(event) => onChange(event.currentTarget.value as Value)}>
          {value === '' && <option value="">{unchosen ?? 'choose'}</option>}
          {options.map(({ value: one, text }) => (
            <option key={one} value={one}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
