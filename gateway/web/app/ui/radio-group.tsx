import type { ComponentChildren } from 'preact';
import './field.css';

type RadioGroupProps<Value extends string> = {
  /** Name of the group, and of its inputs; unique on the page. */
  name: string;
  label: string;
  options: readonly { value: Value; text: ComponentChildren }[];
  value: Value | undefined;
  onChange: (value: Value) => void;
  class?: string;
};

/** A few choices side by side, one of them chosen. */
export function RadioGroup<Value extends string>({
  name,
  label,
  options,
  value,
  onChange,
  class: className,
}: RadioGroupProps<Value>) {
  return (
    <div role="radiogroup" aria-label={label} class={['radios', className].filter(Boolean).join(' ')}>
      {options.map((option) => (
        <label key={option.value} data-value={option.value}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.text}
        </label>
      ))}
    </div>
  );
}
