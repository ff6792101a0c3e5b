import { defineDataset } from '../dataset.ts';
import { customers } from './customers.ts';
import { orders } from './orders.ts';
import { products } from './products.ts';

/** A small web shop. */
export const ecommerce = defineDataset(
  {
    name: 'ecommerce',
    title: 'A web shop',
    description: 'Customers, products and eighteen months of orders of a European shop for household goods',
  },
  [customers, products, orders],
);
